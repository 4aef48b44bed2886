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

    /// <summary>Which subjects resources were said to have.</summary>
    public AssociationsImage Associations { get; init; } = AssociationsImage.Empty;

    public ContextImage Context(string name) => Contexts.GetValueOrDefault(name) ?? new ContextImage(name);

    public SubjectImage Subject(Subject subject) => Subjects.GetValueOrDefault(subject) ?? new SubjectImage(subject);

    /// <summary>The image after one more fact. For many facts at once there is <see cref="RegistryImageBuilder"/>.</summary>
    public RegistryImage Replay(RegistryRecord record, DateTimeOffset timestamp)
    {
        var builder = new RegistryImageBuilder(this);
        builder.Replay(record, timestamp);
        return builder.ToImage();
    }
}
