using System.Globalization;
using System.Text;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Directories;

/// <summary>
/// An offset per partition of a data directory, in Kafka's text format: version 0, the number of lines, and
/// <c>topic partition offset</c> on each.
/// </summary>
public static class OffsetCheckpoint
{
    private const string Version = "0";

    public static void Write(
        ILogDirectory directory, string name, IReadOnlyCollection<KeyValuePair<PartitionDirectory, long>> offsets)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Version}\n{offsets.Count}\n");
        foreach (var (partition, offset) in offsets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}\n");
        }

        directory.ReplaceText(name, text.ToString(), durable: true);
    }

    /// <summary>
    /// The offsets; none when the file is missing. Null when it makes no sense: not knowing an offset costs a longer
    /// recovery, believing a wrong one could cost records.
    /// </summary>
    public static Dictionary<PartitionDirectory, long>? TryRead(ILogDirectory directory, string name)
    {
        var offsets = new Dictionary<PartitionDirectory, long>();
        if (directory.ReadText(name) is not { } text)
        {
            return offsets;
        }

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2
            || lines[0] != Version
            || !int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count != lines.Length - 2)
        {
            return null;
        }

        foreach (var line in lines.AsSpan(2))
        {
            if (line.Split(' ') is not [var topic, var partition, var offset]
                || !int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            offsets[new PartitionDirectory(topic, number)] = value;
        }

        return offsets;
    }
}
