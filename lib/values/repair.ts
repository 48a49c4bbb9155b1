/** Deploying the same template again changes nothing that CloudFormation does not know to be changed. */
export const repair = "Revert the stack's drift (docs/operations.md#not-armed).";
