import type {
  AdvancedFieldSelector,
  EventSelector,
  GetEventSelectorsResponse,
} from "@aws-sdk/client-cloudtrail";

/** The services whose calls wake enforcement, as CloudTrail names them. */
export const wakingSources = ["ec2.amazonaws.com", "elasticloadbalancing.amazonaws.com"] as const;

/** The services among them of which a trail logs the calls that change something. */
export const sourcesShown = ({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: GetEventSelectorsResponse): readonly string[] =>
  wakingSources.filter(
    (source) =>
      EventSelectors.some((selector) => shows(selector, source)) ||
      AdvancedEventSelectors.some(({ FieldSelectors = [] }) =>
        showsInDetail(FieldSelectors, source),
      ),
  );

/** Management events of every service are selected where nothing is said. */
const shows = (
  {
    IncludeManagementEvents = true,
    ReadWriteType = "All",
    ExcludeManagementEventSources = [],
  }: EventSelector,
  source: string,
): boolean =>
  IncludeManagementEvents &&
  ReadWriteType !== "ReadOnly" &&
  !ExcludeManagementEventSources.includes(source);

/** All field selectors must match. One on any other field leaves out calls that we cannot know. */
function showsInDetail(selectors: readonly AdvancedFieldSelector[], eventSource: string): boolean {
  const call: Readonly<Record<string, string>> = {
    eventCategory: "Management",
    readOnly: "false",
    eventSource,
  };
  return (
    selectors.some(({ Field }) => Field === "eventCategory") &&
    selectors.every((selector) => {
      const value = call[selector.Field ?? ""];
      return value !== undefined && matches(selector, value);
    })
  );
}

const matches = (
  {
    Equals,
    StartsWith,
    EndsWith,
    NotEquals = [],
    NotStartsWith = [],
    NotEndsWith = [],
  }: AdvancedFieldSelector,
  value: string,
): boolean =>
  (Equals?.includes(value) ?? true) &&
  (StartsWith?.some((part) => value.startsWith(part)) ?? true) &&
  (EndsWith?.some((part) => value.endsWith(part)) ?? true) &&
  !NotEquals.includes(value) &&
  !NotStartsWith.some((part) => value.startsWith(part)) &&
  !NotEndsWith.some((part) => value.endsWith(part));
