using System.Globalization;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>The name of a snapshot's file: <c>{end offset}-{epoch}.checkpoint</c>, as Kafka has it.</summary>
internal static class QuorumSnapshotFile
{
    public const string Suffix = ".checkpoint";

    /// <summary>Of one that is being written or downloaded, and of no use after a restart.</summary>
    public const string PartSuffix = ".part";

    private const int OffsetDigits = 20;
    private const int EpochDigits = 10;

    public static string NameOf(EpochEnd snapshot) =>
        string.Create(CultureInfo.InvariantCulture, $"{snapshot.EndOffset:D20}-{snapshot.LeaderEpoch:D10}{Suffix}");

    public static bool TryParse(string name, out EpochEnd snapshot)
    {
        snapshot = default;
        if (name.Length != OffsetDigits + 1 + EpochDigits + Suffix.Length
            || !name.EndsWith(Suffix, StringComparison.Ordinal)
            || name[OffsetDigits] != '-'
            || !long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var endOffset)
            || !int.TryParse(
                name.AsSpan(OffsetDigits + 1, EpochDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }

        snapshot = new EpochEnd(epoch, endOffset);
        return true;
    }

    /// <summary>The snapshots in a directory, oldest first.</summary>
    public static IReadOnlyList<EpochEnd> List(ILogDirectory directory) =>
        [.. directory.ListFiles()
            .Where(name => TryParse(name, out _))
            .Select(name => TryParse(name, out var snapshot) ? snapshot : default)
            .OrderBy(snapshot => snapshot.EndOffset)];
}
