using System.Globalization;

namespace SchemaStream.Cli.Kafka.Groups;

/// <summary>Offsets in a file: <c>topic,partition,offset</c> for one group, <c>group,topic,partition,offset</c> for several.</summary>
internal static class ResetPlan
{
    private const int MaxFileBytes = 64 * 1024 * 1024;

    public static string Write(IReadOnlyDictionary<string, SortedDictionary<TopicPartition, long>> groups, bool isOfOneGroup) =>
        string.Concat(groups.SelectMany(group => group.Value.Select(offset => string.Create(
            CultureInfo.InvariantCulture, $"{(isOfOneGroup ? "" : group.Key + ",")}{offset.Key.Topic},{offset.Key.Partition},{offset.Value}\n"))));

    /// <summary>Offsets by group.</summary>
    /// <param name="onlyGroup">The group of lines that name none; null where several are asked for.</param>
    /// <exception cref="ToolFailedException">The file cannot be read.</exception>
    public static Dictionary<string, Dictionary<TopicPartition, long>> Read(string path, string? onlyGroup)
    {
        var plan = new Dictionary<string, Dictionary<TopicPartition, long>>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            var fields = line.Split(',').Select(field => field.Trim().Trim('"')).ToArray();
            var group = fields.Length == 4 ? fields[0] : fields.Length == 3 ? onlyGroup : null;
            if (group is null
                || !int.TryParse(fields[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || !long.TryParse(fields[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            {
                throw new ToolFailedException(
                    $"{path}, line {number}: '{line}' is not {(onlyGroup is null ? "group," : "")}topic,partition,offset");
            }

            if (!plan.TryGetValue(group, out var offsets))
            {
                plan.Add(group, offsets = []);
            }

            offsets[new TopicPartition(fields[^3], partition)] = offset;
        }

        return plan;
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length <= MaxFileBytes
                ? File.ReadLines(path).Where(line => line.Trim().Length > 0)
                : throw new ToolFailedException($"{path} has {file.Length} bytes; a plan of offsets has at most {MaxFileBytes}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ToolFailedException($"{path} cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
