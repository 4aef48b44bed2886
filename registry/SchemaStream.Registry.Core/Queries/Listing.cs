using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>Lists, in the order in which the API promises them.</summary>
public static class Listing
{
    /// <summary>The prefix that stands for every subject of every context.</summary>
    public const string AnyContext = ":*:";

    public static IEnumerable<Subject> Subjects(RegistryImage image, string prefix, Visibility visibility) =>
        image.Subjects.Values
            .Where(subject => visibility switch
            {
                Visibility.Live => subject.HasLive,
                Visibility.Deleted => !subject.Versions.IsEmpty,
                _ => !subject.Versions.IsEmpty && !subject.HasLive,
            })
            .Select(subject => subject.Subject)
            .Where(subject => Matches(subject, prefix))
            .Order();

    /// <summary>Version numbers, ascending; refused if the subject shows none.</summary>
    public static Outcome<IReadOnlyList<VersionEntry>> Versions(RegistryImage image, Subject subject, Visibility visibility)
    {
        IReadOnlyList<VersionEntry> versions =
        [
            .. image.Subject(subject).Versions.Where(entry => visibility switch
            {
                Visibility.Live => entry.IsLive,
                Visibility.Deleted => true,
                _ => !entry.IsLive,
            }),
        ];
        return versions.Count > 0 ? Outcome.Of(versions) : RegistryError.UnknownSubject(subject);
    }

    /// <summary>Schemas of all matching subjects, by subject and version.</summary>
    public static IEnumerable<SubjectSchema> Schemas(
        RegistryImage image, string prefix, Visibility visibility, VersionChoice choice) =>
        from subject in image.Subjects.Values
        where Matches(subject.Subject, prefix)
        orderby subject.Subject
        from entry in choice == VersionChoice.Latest
            ? (visibility == Visibility.Live ? subject.Live : subject.Versions).TakeLast(1)
            : visibility == Visibility.Live ? subject.Live : subject.Versions
        select SubjectSchema.Of(subject.Subject, entry);

    /// <summary>The ids of schemas that reference a version, which itself may be soft-deleted.</summary>
    public static Outcome<IReadOnlyList<int>> ReferencedBy(
        RegistryImage image, Subject subject, VersionSelector version, Visibility visibility)
    {
        if (!SchemaLookup.ByVersion(image, subject, version, Visibility.Deleted).TryGet(out var target, out var error))
        {
            return error;
        }

        IReadOnlyList<int> ids =
        [
            .. image.Referrers.GetValueOrDefault(new SubjectVersion(subject, target.Version), [])
                .Select(referrer => image.Subject(referrer.Subject).Find(referrer.Version)!)
                .Where(entry => entry.IsLive || visibility == Visibility.Deleted)
                .Select(entry => entry.Schema.Id)
                .Distinct()
                .Order(),
        ];
        return Outcome.Of(ids);
    }

    private static bool Matches(Subject subject, string prefix)
    {
        if (prefix.StartsWith(AnyContext, StringComparison.Ordinal))
        {
            return subject.Name.StartsWith(prefix[AnyContext.Length..], StringComparison.Ordinal);
        }

        var wanted = Subject.Parse(prefix);
        return subject.Context == wanted.Context && subject.Name.StartsWith(wanted.Name, StringComparison.Ordinal);
    }
}

/// <summary>Which versions of a subject are listed.</summary>
public enum VersionChoice
{
    All = 0,

    /// <summary><c>latestOnly=true</c>.</summary>
    Latest = 1,
}
