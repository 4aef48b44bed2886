using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Producers;

namespace SchemaStream.Broker.Storage;

/// <summary>
/// The snapshot files of a log's producer table: one per segment, at its base offset, and one where the log was closed.
/// A restart reads the newest and replays only what is behind it.
/// </summary>
internal sealed class ProducerSnapshots(ILogDirectory directory)
{
    private readonly SortedSet<long> _offsets = [];

    /// <summary>The newest snapshot's offset (it covers what is before that); -1 when there is none.</summary>
    public long Latest => _offsets.Count == 0 ? -1 : _offsets.Max;

    public void Found(long offset) => _offsets.Add(offset);

    public void Take(long offset, ProducerStateTable table)
    {
        directory.Replace(Name(offset), ProducerSnapshot.Write(table), durable: false);
        _offsets.Add(offset);
    }

    /// <summary>Fills the table from the newest sound snapshot; returns the offset to replay from, -1 without one.</summary>
    public long LoadLatest(ProducerStateTable table)
    {
        while (_offsets.Count > 0)
        {
            var offset = _offsets.Max;
            if (directory.ReadAllBytes(Name(offset)) is { } bytes && ProducerSnapshot.TryRead(bytes, table))
            {
                return offset;
            }

            Delete(offset);
        }

        table.Clear();
        return -1;
    }

    /// <summary>Snapshots of what has been cut off the log's end; returns how many there were.</summary>
    public int DeleteAbove(long offset)
    {
        var before = _offsets.Count;
        while (_offsets.Count > 0 && _offsets.Max > offset)
        {
            Delete(_offsets.Max);
        }

        return before - _offsets.Count;
    }

    /// <summary>Snapshots no one will ask for: those before an offset, but for the newest.</summary>
    public void DeleteBelow(long offset)
    {
        while (_offsets.Count > 1 && _offsets.Min < offset)
        {
            Delete(_offsets.Min);
        }
    }

    /// <summary>The snapshot at an offset, where a segment begins no more; not the newest, which a restart reads.</summary>
    public void Forget(long offset)
    {
        if (offset != Latest && _offsets.Contains(offset))
        {
            Delete(offset);
        }
    }

    public void DeleteAll() => DeleteAbove(-1);

    private static string Name(long offset) => LogFileNames.For(offset, LogFileNames.ProducerSnapshotSuffix);

    private void Delete(long offset)
    {
        directory.Delete(Name(offset));
        _offsets.Remove(offset);
    }
}
