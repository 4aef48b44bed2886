using System.Globalization;

namespace SchemaStream.Broker.Storage;

/// <summary>The names of the files in a partition's directory: Kafka's own.</summary>
public static class LogFileNames
{
    public const string LogSuffix = ".log";
    public const string OffsetIndexSuffix = ".index";
    public const string TimeIndexSuffix = ".timeindex";
    public const string TransactionIndexSuffix = ".txnindex";
    public const string ProducerSnapshotSuffix = ".snapshot";

    /// <summary>Marks what only waits to be deleted.</summary>
    public const string DeletedSuffix = ".deleted";

    /// <summary>Marks what compaction is still writing: worth nothing after a crash.</summary>
    public const string CleanedSuffix = ".cleaned";

    /// <summary>Marks what compaction has written and synced: it takes the place of the segments that it was made of.</summary>
    public const string SwapSuffix = ".swap";

    public const string LeaderEpochCheckpoint = "leader-epoch-checkpoint";
    public const string PartitionMetadata = "partition.metadata";

    private const int OffsetDigits = 20;

    public static string For(long offset, string suffix) =>
        offset.ToString("D" + OffsetDigits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + suffix;

    /// <summary>The offset in a name such as <c>00000000000000000042.log</c>.</summary>
    public static bool TryParse(string name, string suffix, out long offset)
    {
        offset = -1;
        return name.Length == OffsetDigits + suffix.Length
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
