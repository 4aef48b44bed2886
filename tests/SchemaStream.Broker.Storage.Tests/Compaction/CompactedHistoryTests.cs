using System.Globalization;

namespace SchemaStream.Broker.Storage.Tests.Compaction;

/// <summary>
/// A compacted log of a random history says of each key what a list of all that was written says: the newest record that
/// counts is where it was, whatever was rolled, cut, compacted, retained, killed or lost in between. A failure names its
/// seed; <c>SCHEMASTREAM_SEED</c> runs that one history, <c>SCHEMASTREAM_HISTORIES</c> says how many to run of each theory.
/// </summary>
public sealed class CompactedHistoryTests
{
    private const int Histories = 125;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void CompactedLog_OfARandomHistory_SaysOfEachKeyWhatAListDoes(int theory)
    {
        if (Number("SCHEMASTREAM_SEED") is { } seed)
        {
            new CompactedHistory(seed).Run();
            return;
        }

        for (var history = 0; history < (Number("SCHEMASTREAM_HISTORIES") ?? Histories); history++)
        {
            new CompactedHistory((theory * 1_000_000) + history).Run();
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
