using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>Lists, in the order in which the API promises them.</summary>
public static class Listing
{
    /// <summary>The prefix that stands for every subject of every context.</summary>
    public const string AnyContext = ":*:";

    /// <summary>Contexts, the default one first.</summary>
    public static IEnumerable<string> Contexts(RegistryImage image, string prefix) =>
        image.Contexts.Values
            .Where(context => context.IsListed)
            .Select(context => context.Name)
            .Append(Core.Subject.DefaultContext)
            .Distinct()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

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

    /// <summary>Subjects and contexts with a configuration or a mode of their own, whether or not they have versions.</summary>
    public static IEnumerable<Subject> WithSettings(RegistryImage image, string prefix) =>
        image.Subjects.Values
            .Where(subject => subject.Config is not null || subject.Mode is not null)
            .Select(subject => subject.Subject)
            .Where(subject => Matches(subject, prefix))
            .Order();

    /// <summary>Versions, ascending; refused if the subject is not there for who asks.</summary>
    public static Outcome<IReadOnlyList<VersionEntry>> Versions(RegistryImage image, Subject subject, Visibility visibility)
    {
        var held = image.Subject(subject);
        if (visibility == Visibility.Live ? !held.HasLive : held.Versions.IsEmpty)
        {
            return RegistryError.UnknownSubject(subject);
        }

        IReadOnlyList<VersionEntry> versions =
        [
            .. held.Versions.Where(entry => visibility switch
            {
                Visibility.Live => entry.IsLive,
                Visibility.Deleted => true,
                _ => !entry.IsLive,
            }),
        ];
        return Outcome.Of(versions);
    }

    /// <summary>Schemas of all matching subjects, by subject and version.</summary>
    public static IEnumerable<ListedSchema> Schemas(RegistryImage image, SchemaFilter filter)
    {
        var aliases = Aliases(image, filter);
        return
            from subject in image.Subjects.Values
            where Matches(subject.Subject, filter.Prefix) || aliases.Contains(subject.Subject)
            let associations = filter.Associations is { } wanted ? wanted.Find(image, subject.Subject) : []
            where associations is not null
            orderby subject.Subject
            from entry in Shown(subject, filter)
            select new ListedSchema(SubjectSchema.Of(subject.Subject, entry), [.. aliases[subject.Subject].Order()])
            {
                Associations = associations,
            };
    }

    /// <summary>The ids of schemas that reference a version, which itself may be soft-deleted.</summary>
    public static Outcome<IReadOnlyList<int>> ReferencedBy(
        RegistryImage image, Subject subject, VersionSelector version, Visibility visibility)
    {
        if (!ContextSearch.ByVersion(image, subject, version, Visibility.Deleted).TryGet(out var target, out var error))
        {
            return error;
        }

        IReadOnlyList<int> ids =
        [
            .. image.Referrers.GetValueOrDefault(new SubjectVersion(target.Subject, target.Version), [])
                .Select(referrer => image.Subject(referrer.Subject).Find(referrer.Version)!)
                .Where(entry => entry.IsLive || visibility == Visibility.Deleted)
                .Select(entry => entry.Schema)
                .OrderBy(schema => schema.Context, StringComparer.Ordinal)
                .ThenBy(schema => schema.Id)
                .Select(schema => (schema.Context, schema.Id))
                .Distinct()
                .Select(key => key.Id),
        ];
        return Outcome.Of(ids);
    }

    private static IEnumerable<VersionEntry> Shown(SubjectImage subject, SchemaFilter filter)
    {
        var visible = filter.Visibility == Visibility.Live ? subject.Live : subject.Versions;
        return (filter.Choice == VersionChoice.Latest ? visible.TakeLast(1) : visible)
            .Where(entry => filter.RuleType is not { } type || HasRule(entry.Schema, type));
    }

    private static bool HasRule(StoredSchema schema, string type) =>
        schema.RuleSet is { } rules
        && rules.MigrationRules.Concat(rules.DomainRules).Concat(rules.EncodingRules).Any(rule => rule.Type == type);

    /// <summary>The subjects that aliases stand for, each with those of its aliases that match.</summary>
    private static ILookup<Subject, Subject> Aliases(RegistryImage image, SchemaFilter filter) =>
        (from subject in filter.Aliases == AliasSearch.Included ? image.Subjects.Values : []
         where subject.Config?.Alias is { Length: > 0 } && Matches(subject.Subject, filter.Prefix)
         select subject)
        .ToLookup(
            subject => Core.Subject.ParseWithin(subject.Subject.Context, subject.Config!.Alias!),
            subject => subject.Subject);

    private static bool Matches(Subject subject, string prefix)
    {
        if (prefix.StartsWith(AnyContext, StringComparison.Ordinal))
        {
            return subject.Name.StartsWith(prefix[AnyContext.Length..], StringComparison.Ordinal);
        }

        var wanted = Core.Subject.Parse(prefix);
        return subject.Context == wanted.Context && subject.Name.StartsWith(wanted.Name, StringComparison.Ordinal);
    }
}

/// <summary>Which schemas are listed.</summary>
/// <param name="Prefix">How the subject's name begins, context included; <c>:*:</c> is any context.</param>
/// <param name="Visibility">Whether soft-deleted ones are.</param>
/// <param name="Choice">All versions or the latest.</param>
/// <param name="Aliases">Whether a matching alias brings the subject that it stands for.</param>
/// <param name="RuleType">The type of a rule that a schema must have; null for any schema.</param>
public sealed record SchemaFilter(
    string Prefix,
    Visibility Visibility = Visibility.Live,
    VersionChoice Choice = VersionChoice.All,
    AliasSearch Aliases = AliasSearch.Excluded,
    string? RuleType = null)
{
    /// <summary>The associations that a subject must have; null for any subject, and none is shown.</summary>
    public AssociationChoice? Associations { get; init; }
}

/// <summary>Which subjects are listed for their associations.</summary>
/// <param name="Filter">The associations that count.</param>
/// <param name="Lifecycles">One of them must be like this; empty for any.</param>
/// <param name="Unassociated">Whether subjects without any are listed.</param>
public sealed record AssociationChoice(
    AssociationFilter Filter, IReadOnlyList<AssociationLifecycle> Lifecycles, Unassociated Unassociated)
{
    /// <summary>What is shown of a subject; null if it is not listed.</summary>
    public IReadOnlyList<Association>? Find(RegistryImage image, Subject subject)
    {
        Association[] held = [.. AssociationQuery.BySubject(image, subject, Filter)];
        if (held.Length == 0)
        {
            return Unassociated == Unassociated.Listed ? [] : null;
        }

        if (Lifecycles.Count == 0)
        {
            return Unassociated == Unassociated.Listed ? null : held;
        }

        Association[] wanted = [.. held.Where(association => Lifecycles.Contains(association.Value.Lifecycle))];
        return wanted.Length > 0 ? wanted : null;
    }
}

/// <summary>Whether subjects without associations are listed.</summary>
public enum Unassociated
{
    LeftOut = 0,

    /// <summary><c>lifecycle=NONE</c>.</summary>
    Listed = 1,
}

/// <summary>A schema in a list, with the aliases that stand for its subject.</summary>
public sealed record ListedSchema(SubjectSchema Schema, IReadOnlyList<Subject> Aliases)
{
    /// <summary>The subject's associations, where they were asked for.</summary>
    public IReadOnlyList<Association> Associations { get; init; } = [];
}

/// <summary>Which versions of a subject are listed.</summary>
public enum VersionChoice
{
    All = 0,

    /// <summary><c>latestOnly=true</c>.</summary>
    Latest = 1,
}

/// <summary>Whether aliases are searched as well.</summary>
public enum AliasSearch
{
    Excluded = 0,

    /// <summary><c>aliases=true</c>.</summary>
    Included = 1,
}
