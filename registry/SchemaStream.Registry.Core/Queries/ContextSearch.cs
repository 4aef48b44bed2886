using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>Looks for an unqualified name in the default context, then in every other.</summary>
/// <remarks>
/// Clients know a subject by the name that their strategy makes of a topic, not by the context that someone has put it in.
/// </remarks>
public static class ContextSearch
{
    public static Outcome<SubjectSchema> ByVersion(
        RegistryImage image, Subject subject, VersionSelector version, Visibility visibility) =>
        Find(image, subject, candidate => SchemaLookup.ByVersion(image, candidate, version, visibility));

    public static Outcome<SubjectSchema> ByContent(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request, Visibility visibility) =>
        Find(image, subject, candidate => SchemaLookup.ByContent(image, rules, candidate, request, visibility));

    private static Outcome<SubjectSchema> Find(
        RegistryImage image, Subject subject, Func<Subject, Outcome<SubjectSchema>> find)
    {
        var here = find(subject);
        var isMissing = here.Error is
            { Code: ErrorCodes.SubjectNotFound or ErrorCodes.VersionNotFound or ErrorCodes.SchemaNotFound };
        if (!isMissing || !subject.IsInDefaultContext || subject.Name.Length == 0)
        {
            return here;
        }

        return image.Contexts.Keys
            .Order(StringComparer.Ordinal)
            .Select(context => Subject.ParseWithin(context, subject.Name))
            .Where(candidate => image.Subjects.ContainsKey(candidate))
            .Select(find)
            .Where(outcome => outcome.Error is null)
            .DefaultIfEmpty(here)
            .First();
    }
}
