using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>
/// Brings to its end what a crash interrupted: a cleaned segment that has its <c>.swap</c> name is whole and synced, and
/// takes the place of the segments that it was made of; one that has not is forgotten.
/// </summary>
internal static class SegmentSwaps
{
    private const string LogSwapSuffix = LogFileNames.LogSuffix + LogFileNames.SwapSuffix;

    /// <summary>Every file that a segment may have but the log, which comes last.</summary>
    private static readonly string[] s_others =
        [LogFileNames.OffsetIndexSuffix, LogFileNames.TimeIndexSuffix, LogFileNames.TransactionIndexSuffix];

    public static void Complete(ILogDirectory directory, List<string> notes)
    {
        var names = directory.ListFiles();
        var isChanged = false;
        foreach (var name in names)
        {
            if (LogFileNames.TryParse(name, LogSwapSuffix, out var baseOffset))
            {
                Complete(directory, names, name, baseOffset);
                notes.Add($"The compaction into {name} was interrupted by the stop: completed.");
                isChanged = true;
            }
        }

        foreach (var name in names.Where(name => name.EndsWith(LogFileNames.SwapSuffix, StringComparison.Ordinal)))
        {
            // An index without its log: the swap had not come to pass.
            directory.Delete(name);
        }

        if (isChanged)
        {
            directory.Sync();
        }
    }

    private static void Complete(ILogDirectory directory, IReadOnlyList<string> names, string swap, long baseOffset)
    {
        var nextOffset = NextOffsetOf(directory, swap, baseOffset);
        foreach (var name in names)
        {
            // The first of the sources gives its name to the cleaned segment; the others go, newest last as they do no harm.
            if (LogFileNames.TryParse(name, LogFileNames.LogSuffix, out var offset) && offset > baseOffset && offset < nextOffset)
            {
                directory.Delete(name);
                foreach (var suffix in s_others)
                {
                    directory.Delete(LogFileNames.For(offset, suffix));
                }
            }
        }

        foreach (var suffix in s_others)
        {
            var name = LogFileNames.For(baseOffset, suffix);
            if (directory.Exists(name + LogFileNames.SwapSuffix))
            {
                directory.Rename(name + LogFileNames.SwapSuffix, name);
            }
        }

        directory.Rename(swap, LogFileNames.For(baseOffset, LogFileNames.LogSuffix));
    }

    private static long NextOffsetOf(ILogDirectory directory, string swap, long baseOffset)
    {
        using var file = directory.Open(swap);
        var nextOffset = baseOffset;
        using var cursor = new BatchCursor(file, 0, file.Length, BatchCursor.LookupChunk);
        while (cursor.MoveNext())
        {
            nextOffset = cursor.Header.NextOffset;
        }

        return nextOffset;
    }
}
