using System.Globalization;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Directories;

/// <summary>A partition as the name of its directory: <c>topic-partition</c>.</summary>
public readonly record struct PartitionDirectory(string Topic, int Partition)
{
    private const string DeleteSuffix = "-delete";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}");

    /// <summary>Splits at the last hyphen: topics may have hyphens of their own.</summary>
    public static bool TryParse(string name, out PartitionDirectory partition)
    {
        partition = default;
        var hyphen = name.LastIndexOf('-');
        if (hyphen <= 0
            || !int.TryParse(name.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (name[hyphen + 1] == '0' && hyphen + 2 < name.Length))
        {
            return false;
        }

        partition = new PartitionDirectory(name[..hyphen], number);
        return true;
    }

    /// <summary>Name under which the directory waits to be deleted: no longer a partition's, and not in a new one's way.</summary>
    public string DeletedName(Guid unique) =>
        string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}.{unique:N}{DeleteSuffix}");

    public static bool IsDeleted(string name) => name.EndsWith(DeleteSuffix, StringComparison.Ordinal);
}

/// <summary>Kafka's <c>partition.metadata</c>: which topic, by id, a directory belongs to.</summary>
public static class PartitionMetadata
{
    private const string VersionLine = "version: 0";
    private const string TopicIdKey = "topic_id: ";
    private const int IdBytes = 16;

    /// <summary>Written, not synced: creating a thousand partitions must not wait a thousand times for the disk.</summary>
    public static void Write(ILogDirectory directory, Guid topicId) => directory.ReplaceText(
        LogFileNames.PartitionMetadata, $"{VersionLine}\n{TopicIdKey}{Format(topicId)}\n", durable: false);

    /// <summary>The topic id, or null when there is no such file, or an empty one, as a loss of power may leave.</summary>
    /// <exception cref="LogStorageException">The file is there and makes no sense.</exception>
    public static Guid? Read(ILogDirectory directory) => Text(directory) is not { } text
        ? null
        : ParseText(text) ?? throw new LogStorageException(
            "read", Path.Combine(directory.Path, LogFileNames.PartitionMetadata), "it names no topic id");

    /// <summary>The topic id, or null when the file is not there or not whole.</summary>
    public static Guid? ReadUnlessTorn(ILogDirectory directory) => Text(directory) is { } text ? ParseText(text) : null;

    private static string? Text(ILogDirectory directory) =>
        directory.ReadText(LogFileNames.PartitionMetadata) is { Length: > 0 } text ? text : null;

    private static Guid? ParseText(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines is [VersionLine, var second] && second.StartsWith(TopicIdKey, StringComparison.Ordinal)
            && TryParse(second[TopicIdKey.Length..], out var id)
                ? id
                : null;
    }

    /// <summary>Kafka's text of a uuid: its sixteen bytes as URL-safe base 64 without padding.</summary>
    private static string Format(Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    private static bool TryParse(string text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        var isId = System.Buffers.Text.Base64Url.IsValid(text, out var length)
            && length == IdBytes
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(text, bytes, out _);
        id = isId ? new Guid(bytes, bigEndian: true) : Guid.Empty;
        return isId;
    }
}
