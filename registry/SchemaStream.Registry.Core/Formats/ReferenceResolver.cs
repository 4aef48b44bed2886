using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>References of a schema with their versions fixed, and the texts that they lead to.</summary>
/// <param name="Fixed">The schema's own references; no version is -1 any more.</param>
/// <param name="Resolved">All schemas reached, each after those that it needs.</param>
public sealed record ResolvedReferences(
    IReadOnlyList<SchemaReference> Fixed, IReadOnlyList<ResolvedReference> Resolved)
{
    public static ResolvedReferences None { get; } = new([], []);
}

/// <summary>Follows references through an image, within bounds.</summary>
public sealed class ReferenceResolver
{
    private readonly RegistryImage _image;
    private readonly RegistrySettings _settings;
    private readonly List<ResolvedReference> _resolved = [];
    private readonly HashSet<(string Name, SubjectVersion Target)> _visited = [];

    private ReferenceResolver(RegistryImage image, RegistrySettings settings)
    {
        _image = image;
        _settings = settings;
    }

    /// <summary>For a new schema: every field is there, and every target is live.</summary>
    public static Outcome<ResolvedReferences> ForNew(
        RegistryImage image, RegistrySettings settings, Subject referrer, IReadOnlyList<SchemaReference> references)
    {
        if (references.Count == 0)
        {
            return ResolvedReferences.None;
        }

        if (references.Count > settings.MostReferences)
        {
            return RegistryError.InvalidSchema(
                $"The schema has {references.Count} references; at most {settings.MostReferences} are taken.");
        }

        var numbered = new List<SchemaReference>(references.Count);
        foreach (var reference in references)
        {
            if (!Fix(image, referrer, reference).TryGet(out var number, out var error))
            {
                return error;
            }

            numbered.Add(number);
        }

        return Follow(image, settings, referrer.Context, numbered);
    }

    /// <summary>For what is stored: targets may be soft-deleted since.</summary>
    public static Outcome<ResolvedReferences> ForStored(
        RegistryImage image, RegistrySettings settings, StoredSchema schema) =>
        schema.References.Count == 0
            ? ResolvedReferences.None
            : Follow(image, settings, schema.Context, schema.References);

    private static Outcome<ResolvedReferences> Follow(
        RegistryImage image, RegistrySettings settings, string context, IReadOnlyList<SchemaReference> references)
    {
        var resolver = new ReferenceResolver(image, settings);
        return resolver.Collect(context, references, depth: 1) is { } error
            ? error
            : new ResolvedReferences(references, resolver._resolved);
    }

    private static Outcome<SchemaReference> Fix(RegistryImage image, Subject referrer, SchemaReference reference)
    {
        if (string.IsNullOrEmpty(reference.Name) || string.IsNullOrEmpty(reference.Subject) || reference.Version is 0 or < -1)
        {
            return RegistryError.InvalidSchema(
                "A reference needs 'name', 'subject' and 'version' (a number from 1, or -1 for the latest); found " +
                $"name '{reference.Name}', subject '{reference.Subject}', version {reference.Version}.");
        }

        var named = Subject.ParseWithin(referrer.Context, reference.Subject);
        if (AssociationQuery.IsStronglyAssociated(image, named))
        {
            return RegistryError.NotPermitted(
                $"Subject '{named}' is strongly associated: it belongs to one resource alone and cannot be referenced. " +
                "Register what is to be shared under a subject of its own.");
        }

        var target = image.Subject(named);
        var entry = reference.Version == -1 ? target.Latest : target.Find(reference.Version);
        return entry is { IsLive: true }
            ? reference with { Version = entry.Version }
            : Unknown(reference);
    }

    private RegistryError? Collect(string context, IReadOnlyList<SchemaReference> references, int depth)
    {
        if (depth > _settings.DeepestReference)
        {
            return RegistryError.InvalidSchema(
                $"References follow one another more than {_settings.DeepestReference} times.");
        }

        foreach (var reference in references)
        {
            var target = new SubjectVersion(Subject.ParseWithin(context, reference.Subject), reference.Version);
            if (!_visited.Add((reference.Name, target)))
            {
                continue;
            }

            if (_visited.Count > _settings.MostReferences)
            {
                return RegistryError.InvalidSchema(
                    $"The references lead to more than {_settings.MostReferences} schemas.");
            }

            if (_image.Subject(target.Subject).Find(target.Version) is not { } entry)
            {
                return Unknown(reference);
            }

            if (Collect(entry.Schema.Context, entry.Schema.References, depth + 1) is { } error)
            {
                return error;
            }

            _resolved.Add(new ResolvedReference(reference.Name, entry.Schema.Text));
        }

        return null;
    }

    private static RegistryError Unknown(SchemaReference reference) => RegistryError.InvalidSchema(
        $"The reference '{reference.Name}' leads nowhere: subject '{reference.Subject}' has no live version " +
        $"{reference.Version}. Register the referenced schema first.");
}
