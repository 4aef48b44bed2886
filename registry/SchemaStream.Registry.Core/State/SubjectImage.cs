using System.Collections.Immutable;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>A version as it stands.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Schema">What it holds.</param>
/// <param name="State">Live or soft-deleted.</param>
/// <param name="Timestamp">When its record was written.</param>
public sealed record VersionEntry(int Version, StoredSchema Schema, VersionState State, DateTimeOffset Timestamp)
{
    public bool IsLive => State == VersionState.Live;
}

/// <summary>A subject as it stands: versions ascending, and what was set for it alone.</summary>
public sealed record SubjectImage(Subject Subject)
{
    public ImmutableArray<VersionEntry> Versions { get; init; } = [];

    public SubjectConfig? Config { get; init; }

    public RegistryMode? Mode { get; init; }

    public IEnumerable<VersionEntry> Live => Versions.Where(entry => entry.IsLive);

    /// <summary>Live versions as compatibility looks at them.</summary>
    public IReadOnlyList<VersionEntry> NewestFirst => [.. Live.Reverse()];

    public bool HasLive => Versions.Any(entry => entry.IsLive);

    /// <summary>The highest live version, which is what "latest" means.</summary>
    public VersionEntry? Latest => Versions.LastOrDefault(entry => entry.IsLive);

    /// <summary>Whether there is a number above all that are taken.</summary>
    public bool HasNextVersion => Versions.IsEmpty || Versions[^1].Version < int.MaxValue;

    /// <summary>The number after the highest stored one, soft-deleted included.</summary>
    public int NextVersion => Versions.IsEmpty ? 1 : Versions[^1].Version + 1;

    public bool IsVoid => Versions.IsEmpty && Config is null && Mode is null;

    public VersionEntry? Find(int version)
    {
        var index = IndexOf(version);
        return index >= 0 ? Versions[index] : null;
    }

    public SubjectImage With(VersionEntry entry)
    {
        var index = IndexOf(entry.Version);
        return this with
        {
            Versions = index >= 0 ? Versions.SetItem(index, entry) : Versions.Insert(~index, entry),
        };
    }

    public SubjectImage Without(int version)
    {
        var index = IndexOf(version);
        return index < 0 ? this : this with { Versions = Versions.RemoveAt(index) };
    }

    /// <summary>The place of a version, or the complement of where it would be.</summary>
    private int IndexOf(int version)
    {
        int low = 0, high = Versions.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = Versions[middle].Version;
            if (found == version)
            {
                return middle;
            }

            if (found < version)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
