using System.Collections.Immutable;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>
/// The whole registry at one moment. Immutable: whoever holds an image reads it without locks, and a writer may decide
/// upon images that are not durable yet and drop them if the log refuses.
/// </summary>
public sealed record RegistryImage
{
    public static RegistryImage Empty { get; } = new();

    public ImmutableDictionary<string, ContextImage> Contexts { get; init; } =
        ImmutableDictionary<string, ContextImage>.Empty;

    public ImmutableDictionary<Subject, SubjectImage> Subjects { get; init; } =
        ImmutableDictionary<Subject, SubjectImage>.Empty;

    /// <summary>Who references a version: every version that was written with such a reference and still exists.</summary>
    public ImmutableDictionary<SubjectVersion, ImmutableHashSet<SubjectVersion>> Referrers { get; init; } =
        ImmutableDictionary<SubjectVersion, ImmutableHashSet<SubjectVersion>>.Empty;

    public SubjectConfig? GlobalConfig { get; init; }

    public RegistryMode? GlobalMode { get; init; }

    public ContractsImage Contracts { get; init; } = ContractsImage.Empty;

    public ContextImage Context(string name) => Contexts.GetValueOrDefault(name) ?? new ContextImage(name);

    public SubjectImage Subject(Subject subject) => Subjects.GetValueOrDefault(subject) ?? new SubjectImage(subject);

    /// <summary>The image after one more fact.</summary>
    public RegistryImage Replay(RegistryRecord record, DateTimeOffset timestamp) => record switch
    {
        SchemaRecord r => r.Value is { } value ? Written(r.Key, value, timestamp) : Removed(r.Key),
        ConfigRecord { Subject: { } subject } r => With(Subject(subject) with { Config = r.Value }),
        ConfigRecord r => this with { GlobalConfig = r.Value },
        ModeRecord { Subject: { } subject } r => With(Subject(subject) with { Mode = r.Mode }),
        ModeRecord r => this with { GlobalMode = r.Mode },
        DeleteSubjectRecord r => SoftDeleted(r),
        ClearSubjectRecord r => Subject(r.Subject).Versions.Aggregate(
            this, (image, entry) => image.Removed(new SubjectVersion(r.Subject, entry.Version))),
        BindRecord r => this with { Contracts = Contracts.Replay(r) },
        UnbindRecord r => this with { Contracts = Contracts.Replay(r) },
        _ => throw new ArgumentException($"{record.GetType().Name} cannot be replayed.", nameof(record)),
    };

    private RegistryImage Written(SubjectVersion key, SchemaRecordValue value, DateTimeOffset timestamp)
    {
        var context = Context(key.Subject.Context);
        var schema = new StoredSchema(context.Name, value.Id, value.Content);
        if (context.Find(value.Id) is { } known)
        {
            if (known.Guid != schema.Guid)
            {
                // One id, one content: a second writer that lost a race has written this, and it counts for nothing.
                return this;
            }

            schema = known;
        }

        var image = Subject(key.Subject).Find(key.Version) is { } old && old.Schema.Id != value.Id ? Removed(key) : this;
        var subject = image.Subject(key.Subject).With(new VersionEntry(key.Version, schema, value.State, timestamp));
        image = image.With(subject);
        return image with
        {
            Contexts = image.Contexts.SetItem(context.Name, image.Context(context.Name).WithUse(schema, key)),
            Referrers = Targets(schema).Aggregate(
                image.Referrers,
                (all, target) => all.SetItem(target, all.GetValueOrDefault(target, []).Add(key))),
        };
    }

    private RegistryImage Removed(SubjectVersion key)
    {
        if (Subject(key.Subject).Find(key.Version) is not { } entry)
        {
            return this;
        }

        var context = Context(key.Subject.Context).WithoutUse(entry.Schema.Id, key);
        return With(Subject(key.Subject).Without(key.Version)) with
        {
            Contexts = Contexts.SetItem(context.Name, context),
            Referrers = Targets(entry.Schema).Aggregate(Referrers, (all, target) =>
            {
                var left = all.GetValueOrDefault(target, []).Remove(key);
                return left.IsEmpty ? all.Remove(target) : all.SetItem(target, left);
            }),
        };
    }

    private RegistryImage SoftDeleted(DeleteSubjectRecord record)
    {
        var subject = Subject(record.Subject);
        return With(subject with
        {
            Versions = [.. subject.Versions.Select(entry =>
                entry.Version <= record.UpToVersion ? entry with { State = VersionState.SoftDeleted } : entry)],
        });
    }

    private RegistryImage With(SubjectImage subject) => this with
    {
        Subjects = subject.IsVoid ? Subjects.Remove(subject.Subject) : Subjects.SetItem(subject.Subject, subject),
    };

    private static IEnumerable<SubjectVersion> Targets(StoredSchema schema) =>
        schema.References.Select(reference =>
            new SubjectVersion(Core.Subject.ParseWithin(schema.Context, reference.Subject), reference.Version));
}
