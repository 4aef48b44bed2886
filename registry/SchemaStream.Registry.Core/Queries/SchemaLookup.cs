using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>Finding schemas: by content, by version, by id. Reads an image and nothing else.</summary>
public static class SchemaLookup
{
    /// <summary>Looks content up under a subject: as it was sent, then with what registering would add to it.</summary>
    public static Outcome<SubjectSchema> ByContent(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request, Visibility visibility)
    {
        var held = image.Subject(subject);
        if (!IsVisible(held, visibility))
        {
            return RegistryError.UnknownSubject(subject);
        }

        if (!Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Lenient).TryGet(out var candidate, out var error))
        {
            return error;
        }

        var inherited = candidate.Inheriting(image.ConfigInForce(subject, rules.Settings), held.Latest?.Schema);
        var known = KnownContent.Find(image, rules, held, candidate, visibility)
            ?? (inherited != candidate ? KnownContent.Find(image, rules, held, inherited, visibility) : null);
        return known is { } found
            ? SubjectSchema.Of(subject, found)
            : new RegistryError(ErrorCodes.SchemaNotFound, "Schema not found.");
    }

    /// <summary>
    /// Answers a registration of known content from memory; null sends it on to be decided. What the writer would say
    /// is the same, only later.
    /// </summary>
    public static SubjectSchema? Registered(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request)
    {
        var held = image.Subject(subject);
        return held.HasLive
            && request is { Id: 0, Version: 0 or -1, Text: not (null or "") }
            && !image.ModeInForce(subject).TakesIds()
            && request.IsLookedUpAsSent(image.ConfigInForce(subject, rules.Settings))
            && Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Strict).TryGet(out var candidate, out _)
            && KnownContent.Registered(image, rules, held, candidate, request) is { } known
            ? SubjectSchema.Of(subject, known)
            : null;
    }

    /// <summary>A version by number or the latest; the latest is always live.</summary>
    public static Outcome<SubjectSchema> ByVersion(
        RegistryImage image, Subject subject, VersionSelector version, Visibility visibility)
    {
        var held = image.Subject(subject);
        if (!IsVisible(held, visibility))
        {
            return RegistryError.UnknownSubject(subject);
        }

        var entry = version.IsLatest ? held.Latest : held.Find(version.Number);
        if (entry is null || (!entry.IsLive && visibility == Visibility.Live))
        {
            return version.IsLatest
                ? new RegistryError(ErrorCodes.VersionNotFound, $"Subject '{subject}' has no live version.")
                : RegistryError.UnknownVersion(version.Number);
        }

        return SubjectSchema.Of(subject, entry);
    }

    /// <summary>The newest version whose metadata has all the properties that are asked for.</summary>
    public static Outcome<SubjectSchema> ByMetadata(
        RegistryImage image,
        Subject subject,
        IReadOnlyCollection<KeyValuePair<string, string>> properties,
        Visibility visibility)
    {
        var held = image.Subject(subject);
        if (!IsVisible(held, visibility))
        {
            return RegistryError.UnknownSubject(subject);
        }

        var found = held.Versions.LastOrDefault(entry =>
            (entry.IsLive || visibility == Visibility.Deleted)
            && entry.Schema.Metadata is { } metadata
            && properties.All(wanted => metadata.Properties.TryGetValue(wanted.Key, out var value) && value == wanted.Value));
        return found is null
            ? new RegistryError(
                ErrorCodes.SchemaNotFound, $"No version of subject '{subject}' has metadata with these properties.")
            : SubjectSchema.Of(subject, found);
    }

    /// <summary>An id in the context that the caller speaks of.</summary>
    /// <remarks>
    /// A subject of a named context must own the id. An unqualified one is a hint where to look: deserializers send the
    /// name that their own strategy makes of the topic, and the producer's strategy may have made another.
    /// </remarks>
    public static Outcome<IdEntry> ById(RegistryImage image, Subject? within, int id)
    {
        var inContext = image.Context(within?.Context ?? Subject.DefaultContext).ById.GetValueOrDefault(id);
        var found = within is { Name.Length: > 0 } subject && !IsOwner(inContext, subject)
            ? subject.IsInDefaultContext ? OfSameName(image, subject, id) ?? inContext : null
            : inContext;
        return found is not null
            ? found
            : new RegistryError(ErrorCodes.SchemaNotFound, $"Schema {id} not found.");
    }

    private static IdEntry? OfSameName(RegistryImage image, Subject subject, int id) =>
        image.Contexts.Values
            .OrderBy(context => context.Name, StringComparer.Ordinal)
            .Where(context => IsOwner(context.ById.GetValueOrDefault(id), Subject.ParseWithin(context.Name, subject.Name)))
            .Select(context => context.ById[id])
            .FirstOrDefault();

    private static bool IsOwner(IdEntry? entry, Subject subject) =>
        entry is not null && entry.Uses.Any(use => use.Subject == subject);

    /// <summary>The versions that use an id, one per subject, the newest.</summary>
    public static IReadOnlyList<SubjectVersion> Uses(RegistryImage image, IdEntry entry, Visibility visibility) =>
    [
        .. entry.Uses
            .Where(use => visibility == Visibility.Deleted
                || image.Subject(use.Subject).Find(use.Version) is { IsLive: true })
            .GroupBy(use => use.Subject)
            .Select(uses => uses.MaxBy(use => use.Version))
            .OrderBy(use => use.Subject),
    ];

    private static bool IsVisible(SubjectImage subject, Visibility visibility) =>
        visibility == Visibility.Deleted ? !subject.Versions.IsEmpty : subject.HasLive;
}

/// <summary>Whether soft-deleted things are seen.</summary>
public enum Visibility
{
    Live = 0,

    /// <summary>Soft-deleted ones as well: <c>deleted=true</c>.</summary>
    Deleted = 1,

    /// <summary>Soft-deleted ones alone: <c>deletedOnly=true</c>.</summary>
    DeletedOnly = 2,
}
