using System.Collections.Immutable;
using System.Globalization;

namespace SchemaStream.Registry.Core.DataContracts;

/// <summary>What is said about a schema besides its text. Part of its identity, in ordinal order.</summary>
public sealed class Metadata : IEquatable<Metadata>
{
    /// <summary>The property that holds the number of the version that a schema was registered as.</summary>
    public const string ConfluentVersion = "confluent:version";

    private static readonly ImmutableSortedDictionary<string, ImmutableSortedSet<string>> NoTags =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, string> NoProperties =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static readonly ImmutableSortedSet<string> NoNames = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public Metadata(
        IEnumerable<KeyValuePair<string, IEnumerable<string>>>? tags = null,
        IEnumerable<KeyValuePair<string, string>>? properties = null,
        IEnumerable<string>? sensitive = null)
    {
        Tags = tags is null
            ? NoTags
            : NoTags.SetItems(tags.Select(tag => KeyValuePair.Create(tag.Key, NoNames.Union(tag.Value))));
        Properties = properties is null ? NoProperties : NoProperties.SetItems(properties);
        Sensitive = sensitive is null ? NoNames : NoNames.Union(sensitive);
    }

    private Metadata(
        ImmutableSortedDictionary<string, ImmutableSortedSet<string>> tags,
        ImmutableSortedDictionary<string, string> properties,
        ImmutableSortedSet<string> sensitive)
    {
        Tags = tags;
        Properties = properties;
        Sensitive = sensitive;
    }

    /// <summary>Tags by the path of what they are on.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Tags { get; }

    public ImmutableSortedDictionary<string, string> Properties { get; }

    /// <summary>Names of properties that are not for everyone's eyes.</summary>
    public ImmutableSortedSet<string> Sensitive { get; }

    /// <summary>The version that the schema says it is; null if it says none, or none that is a number.</summary>
    public int? Version =>
        Properties.TryGetValue(ConfluentVersion, out var text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    /// <summary>The older with what the newer says put over it; null says nothing.</summary>
    public static Metadata? Merge(Metadata? older, Metadata? newer) =>
        older is null || newer is null
            ? newer ?? older
            : new Metadata(
                older.Tags.SetItems(newer.Tags),
                older.Properties.SetItems(newer.Properties),
                older.Sensitive.Union(newer.Sensitive));

    public static Metadata WithVersion(Metadata? metadata, int version)
    {
        var known = metadata ?? new Metadata();
        return new Metadata(
            known.Tags,
            known.Properties.SetItem(ConfluentVersion, version.ToString(CultureInfo.InvariantCulture)),
            known.Sensitive);
    }

    /// <summary>The same without the version that it says; what is left may be empty, but is not nothing.</summary>
    public static Metadata? WithoutVersion(Metadata? metadata) =>
        metadata is null ? null : new Metadata(metadata.Tags, metadata.Properties.Remove(ConfluentVersion), metadata.Sensitive);

    public bool Equals(Metadata? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Properties.SequenceEqual(other.Properties)
            && Sensitive.SequenceEqual(other.Sensitive, StringComparer.Ordinal)
            && Tags.Count == other.Tags.Count
            && Tags.All(tag => other.Tags.TryGetValue(tag.Key, out var names) && tag.Value.SequenceEqual(names, StringComparer.Ordinal)));

    public override bool Equals(object? obj) => Equals(obj as Metadata);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in Properties)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        hash.Add(Tags.Count);
        hash.Add(Sensitive.Count);
        return hash.ToHashCode();
    }
}
