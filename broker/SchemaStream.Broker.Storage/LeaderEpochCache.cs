using System.Globalization;
using System.Text;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage;

/// <summary>Where a leader epoch ends in a log; -1 and -1 when the log cannot tell.</summary>
public readonly record struct EpochEndOffset(int LeaderEpoch, long EndOffset)
{
    public static EpochEndOffset Undefined { get; } = new(-1, -1);
}

/// <summary>
/// At which offset each leader's reign began: what followers truncate by. Kept in Kafka's <c>leader-epoch-checkpoint</c>;
/// epochs and offsets both rise from one entry to the next.
/// </summary>
internal sealed class LeaderEpochCache
{
    private const string Version = "0";

    private readonly ILogDirectory _directory;
    private readonly List<(int Epoch, long StartOffset)> _entries;

    private LeaderEpochCache(ILogDirectory directory, List<(int Epoch, long StartOffset)> entries)
    {
        _directory = directory;
        _entries = entries;
    }

    /// <summary>Epoch of the newest record; -1 when there is none.</summary>
    public int LatestEpoch => _entries.Count == 0 ? -1 : _entries[^1].Epoch;

    /// <summary>Whether the file changed since it was last synced.</summary>
    public bool IsDirty { get; set; }

    public int Count => _entries.Count;

    /// <summary>Null when the file is missing or makes no sense: then only the log tells.</summary>
    public static LeaderEpochCache? TryLoad(ILogDirectory directory)
    {
        var text = directory.ReadText(LogFileNames.LeaderEpochCheckpoint);
        return text is not null && TryParse(text, out var entries) ? new LeaderEpochCache(directory, entries) : null;
    }

    public static LeaderEpochCache Empty(ILogDirectory directory) => new(directory, []);

    /// <summary>Notes that records from <paramref name="startOffset"/> on are of an epoch, if that is news.</summary>
    public void Assign(int epoch, long startOffset)
    {
        if (AssignWithoutSaving(epoch, startOffset))
        {
            Save();
        }
    }

    public bool AssignWithoutSaving(int epoch, long startOffset)
    {
        if (epoch <= LatestEpoch || epoch < 0)
        {
            return false;
        }

        // An epoch without records is no use to anyone, and offsets have to rise.
        while (_entries.Count > 0 && _entries[^1].StartOffset >= startOffset)
        {
            _entries.RemoveAt(_entries.Count - 1);
        }

        _entries.Add((epoch, startOffset));
        return true;
    }

    /// <summary>The end (exclusive) of the newest epoch that is at most <paramref name="requestedEpoch"/>.</summary>
    public EpochEndOffset EndOffsetFor(int requestedEpoch, long logEndOffset)
    {
        if (requestedEpoch < 0 || _entries.Count == 0 || requestedEpoch > LatestEpoch)
        {
            return EpochEndOffset.Undefined;
        }

        if (requestedEpoch == LatestEpoch)
        {
            return new EpochEndOffset(requestedEpoch, logEndOffset);
        }

        var higher = _entries.Count - 1;
        while (higher > 0 && _entries[higher - 1].Epoch > requestedEpoch)
        {
            higher--;
        }

        // Before the first known epoch nothing is left to end: its successor's beginning is the end.
        var epoch = higher == 0 ? requestedEpoch : _entries[higher - 1].Epoch;
        return new EpochEndOffset(epoch, _entries[higher].StartOffset);
    }

    /// <summary>The epoch of the record at an offset; -1 when unknown.</summary>
    public int EpochFor(long offset)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].StartOffset <= offset)
            {
                return _entries[i].Epoch;
            }
        }

        return -1;
    }

    /// <summary>Forgets epochs that begin at <paramref name="endOffset"/> or behind it.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        if (_entries.RemoveAll(entry => entry.StartOffset >= endOffset) > 0)
        {
            Save();
        }
    }

    /// <summary>As <see cref="TruncateFromEnd"/>, for a caller that goes on to <see cref="AssignWithoutSaving"/>.</summary>
    public void ForgetFrom(long offset) => _entries.RemoveAll(entry => entry.StartOffset >= offset);

    /// <summary>Forgets epochs that ended before <paramref name="startOffset"/>; the one it lies in begins there now.</summary>
    public void TruncateFromStart(long startOffset)
    {
        var current = _entries.FindLastIndex(entry => entry.StartOffset <= startOffset);
        if (current < 0 || (current == 0 && _entries[0].StartOffset == startOffset))
        {
            return;
        }

        _entries[current] = (_entries[current].Epoch, startOffset);
        _entries.RemoveRange(0, current);
        Save();
    }

    public void Clear()
    {
        _entries.Clear();
        Save();
    }

    /// <summary>Written, not synced: the next flush of the log does that before it vouches for the records.</summary>
    public void Save()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Version}\n{_entries.Count}\n");
        foreach (var (epoch, startOffset) in _entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{epoch} {startOffset}\n");
        }

        _directory.ReplaceText(LogFileNames.LeaderEpochCheckpoint, text.ToString(), durable: false);
        IsDirty = true;
    }

    private static bool TryParse(string text, out List<(int Epoch, long StartOffset)> entries)
    {
        entries = [];
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2
            || lines[0] != Version
            || !int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count != lines.Length - 2)
        {
            return false;
        }

        foreach (var line in lines.AsSpan(2))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0
                || !int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
                || !long.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                || (entries.Count > 0 && (entries[^1].Epoch >= epoch || entries[^1].StartOffset >= start)))
            {
                return false;
            }

            entries.Add((epoch, start));
        }

        return true;
    }
}
