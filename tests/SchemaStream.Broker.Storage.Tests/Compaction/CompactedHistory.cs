using System.Globalization;
using SchemaStream.Broker.Storage.Compaction;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests.Compaction;

/// <summary>One random history of a compacted log beside its model.</summary>
internal sealed class CompactedHistory
{
    private const int Steps = 70;

    private static readonly CompressionType[] s_codecs =
        [CompressionType.None, CompressionType.None, CompressionType.None, CompressionType.None, CompressionType.Lz4, CompressionType.Snappy];

    private readonly int _seed;
    private readonly Random _random;
    private readonly CompactedWorld _world;
    private readonly CompactedModel _model = new();
    private readonly List<string> _steps = [];
    private readonly bool _keepsTombstones;

    // Compaction keeps a producer's last batch; if that is cut off later, the one before it may be gone already.
    private readonly HashSet<long> _cutProducers = [];

    // What was synced, and what the checkpoint on disk says was.
    private long _recoveryPoint;
    private long _checkpoint;
    private long _cleanedTo;

    // A compaction that failed may have come so far.
    private long _touchedTo;

    // What compaction has looked at, markers above all, is committed: no truncation goes below it.
    private long _committedTo;
    private int _epoch;
    private int _value;

    public CompactedHistory(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _keepsTombstones = _random.Next(2) == 0;
        _world = new CompactedWorld(new LogConfig
        {
            SegmentBytes = _random.Next(400, 2500),
            IndexIntervalBytes = _random.Next(1, 500),
            SegmentIndexBytes = _random.Next(100, 1000),
            CleanupPolicy = CleanupPolicy.Compact,
            DeleteRetentionMs = _keepsTombstones ? 1_000_000_000 : _random.Next(0, 200),
        });
    }

    private PartitionLog Log => _world.Log;

    public void Run()
    {
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                Step();
                if (step % 4 == 3)
                {
                    Check();
                }
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {_seed}: {e.Message}\n{string.Join('\n', _steps)}", e);
        }
    }

    private void Note(string step) => _steps.Add(step);

    private void Step()
    {
        _world.NowMs += _random.Next(20);
        switch (_random.Next(40))
        {
            case < 20:
                Append();
                break;
            case < 24:
                EndATransaction();
                break;
            case < 26:
                Note("roll");
                Log.Roll(_world.NowMs);
                break;
            case < 31:
                Compact();
                break;
            case 31:
                Truncate();
                break;
            case 32:
                AdvanceStart();
                break;
            case 33:
                Retain();
                break;
            case 34 or 35:
                Flush();
                break;
            case 36:
                Restart();
                break;
            case 37:
                Crash(losePower: false);
                break;
            case 38:
                Crash(losePower: true);
                break;
            default:
                CompactOnABrokenDisk();
                break;
        }
    }

    private void Append()
    {
        var producerId = _random.Next(7) - 1;
        var isTransactional = producerId is >= 0 and < 3;
        var sequence = NextSequence(producerId);
        var builder = new RecordBatchBuilder
        {
            ProducerId = producerId < 0 ? -1 : producerId,
            ProducerEpoch = producerId < 0 ? (short)-1 : (short)0,
            BaseSequence = sequence,
            IsTransactional = isTransactional,
            Compression = s_codecs[_random.Next(s_codecs.Length)],
            Compressor = CompactedWorld.Codecs.Compress,
        };
        var records = new List<Written>();
        var count = _random.Next(1, 6);
        for (var i = 0; i < count; i++)
        {
            var key = CompactedWorld.Key(_random.Next(12));
            var value = _random.Next(5) == 0 ? null : (_value++).ToString(CultureInfo.InvariantCulture).PadLeft(_random.Next(1, 40), '.');
            var timestamp = _world.NowMs - _random.Next(50);
            builder.Add(timestamp, CompactedWorld.Bytes(key), CompactedWorld.Bytes(value));
            records.Add(new Written(
                _model.End + i, _model.End + count - 1, _epoch, key, value, timestamp, producerId, sequence + i, isTransactional));
        }

        _epoch += _random.Next(12) == 0 ? 1 : 0;
        records = [.. records.Select(record => record with { Epoch = _epoch })];
        Note($"append {count} at {_model.End} of producer {producerId} from sequence {sequence}");
        var result = Log.AppendAsLeader(builder.Build(), _epoch, _world.NowMs);
        (result.Error, result.BaseOffset, result.IsDuplicate).ShouldBe((ErrorCode.None, _model.End, false));
        _model.Add(records);
        _cutProducers.Remove(producerId);
    }

    /// <summary>What the log knows of a producer comes from what is left of it: a producer that is forgotten begins anew.</summary>
    private int NextSequence(long producerId)
    {
        if (producerId < 0)
        {
            return -1;
        }

        var known = Log.Producers.Producers.FirstOrDefault(producer => producer.ProducerId == producerId);
        var expected = _model.LastOf(producerId) is { } last ? last.Sequence + 1 : 0;
        if (known is { BatchCount: > 0 })
        {
            // Records that were cut off are forgotten with their sequences; nothing else is.
            if (!_cutProducers.Contains(producerId))
            {
                known.LastSequence.ShouldBe(expected - 1);
            }

            return known.LastSequence + 1;
        }

        if (expected > 0 && !_cutProducers.Contains(producerId))
        {
            _model.LastOf(producerId)!.Offset.ShouldBeLessThan(Log.LogStartOffset, $"producer {producerId} is forgotten");
        }

        return 0;
    }

    private void EndATransaction()
    {
        var producerId = _random.Next(3);
        if (!_model.IsInTransaction(producerId))
        {
            return;
        }

        var commit = _random.Next(2) == 0;
        Note($"{(commit ? "commit" : "abort")} of {producerId} at {_model.End}");
        var offset = _world.End(producerId, commit, _epoch);
        offset.ShouldBe(_model.End);
        _model.Add([new Written(offset, offset, _epoch, null, null, _world.NowMs, producerId, -1, true) { Commits = commit }]);
    }

    private void Compact()
    {
        Note("compact");
        Flush();
        _committedTo = Math.Max(_committedTo, Log.ActiveSegmentBaseOffset);
        var limits = new CleanerLimits
        {
            IoBufferBytes = _random.Next(100, 1000),
            DedupeBufferBytes = _random.Next(4) == 0 ? 24 * 16 : 1 << 20,
        };
        if (_world.Compact(limits, Math.Min(_model.End, _model.FirstUnstable())))
        {
            _cleanedTo = _world.CleanedTo!.Value;
            _touchedTo = Math.Max(_touchedTo, _cleanedTo);
        }
    }

    /// <summary>The disk fails somewhere on the way, and then the process, or the machine, goes down.</summary>
    private void CompactOnABrokenDisk()
    {
        Flush();
        var failing = _random.Next(60);
        Note($"compact, operation {failing} fails");
        _committedTo = Math.Max(_committedTo, Log.ActiveSegmentBaseOffset);
        _world.World.Disk.Fault = (operation, _) => operation != DiskOperation.Read && failing-- <= 0 ? "broken" : null;
        try
        {
            if (_world.Compact(lastStableOffset: Math.Min(_model.End, _model.FirstUnstable())))
            {
                _cleanedTo = _world.CleanedTo!.Value;
            }
        }
        catch (LogStorageException)
        {
            // What was compacted of it stays compacted, or not.
        }

        _touchedTo = _committedTo;

        _world.World.Disk.Fault = null;
        Crash(_random.Next(2) == 0);
    }

    private void Truncate()
    {
        // Never below what is committed, and nothing is compacted that is not.
        var least = Math.Max(Math.Max(_committedTo, _model.Start) + 1, _model.End - 20);
        if (least >= _model.End)
        {
            return;
        }

        var target = _random.NextInt64(least, _model.End);
        Note($"truncate to {target}");
        Log.TruncateTo(target);
        Log.LogEndOffset.ShouldBeInRange(Math.Min(target, Math.Max(_committedTo, target - 6)), target);
        Cut();
        _recoveryPoint = Math.Min(_recoveryPoint, _model.End);
        _checkpoint = Math.Min(_checkpoint, _model.End);
    }

    private void AdvanceStart()
    {
        if (_random.Next(3) > 0)
        {
            return;
        }

        var target = _random.NextInt64(_model.Start, _model.End + 1);
        Note($"start at {target}");
        Log.AdvanceLogStartOffset(target);
        _model.StartAt(target);
    }

    private void Retain()
    {
        var policy = _random.Next(2) == 0
            ? RetentionPolicy.KeepAll
            : new RetentionPolicy(-1, _random.Next(1000, 8000));
        Note($"retain {policy.RetentionBytes}");
        Log.ApplyRetention(policy, _world.NowMs, _model.End).DeleteFiles();
        Log.LogStartOffset.ShouldBeInRange(_model.Start, _model.End);
        _model.StartAt(Log.LogStartOffset);
    }

    private void Flush()
    {
        var scope = _random.Next(2) == 0 ? FlushScope.Everything : FlushScope.Records;
        Note($"flush {scope}");
        Log.Flush(scope);
        Log.RecoveryPoint.ShouldBe(_model.End);
        _recoveryPoint = _model.End;
        _checkpoint = _random.Next(2) == 0 ? _model.End : _checkpoint;
    }

    private void Restart()
    {
        Note("restart");
        ChangePolicy();
        _world.World.Restart().Recovery.HasFindings.ShouldBeFalse();
        _checkpoint = _recoveryPoint = _model.End;
    }

    private void Crash(bool losePower)
    {
        Note(losePower ? "lose power" : "crash");
        ChangePolicy();
        if (losePower)
        {
            _world.World.LosePower(_random, _checkpoint);
        }
        else
        {
            _world.World.Crash(_checkpoint).Recovery.TruncatedAtOffset.ShouldBeNull();
        }

        _world.World.Files(".swap").ShouldBeEmpty();
        _world.World.Files(".cleaned").ShouldBeEmpty();
        Log.LogEndOffset.ShouldBeInRange(losePower ? _recoveryPoint : _model.End, _model.End, Log.Recovery.ToString());
        Cut();
        _model.StartAt(Log.LogStartOffset);
    }

    private void Cut()
    {
        _cutProducers.UnionWith(_model.ProducersFrom(Log.LogEndOffset));
        _model.CutAt(Log.LogEndOffset);
    }

    /// <summary>A topic that is compacted no longer is read as well as before.</summary>
    private void ChangePolicy() => _world.World.Config = _world.World.Config with
    {
        CleanupPolicy = _random.Next(3) == 0 ? CleanupPolicy.Delete : CleanupPolicy.Compact,
    };

    private void Check()
    {
        (Log.LogStartOffset, Log.LogEndOffset).ShouldBe((_model.Start, _model.End));
        var read = _world.Read().Where(seen => seen.Offset >= _model.Start).ToList();
        read.Select(seen => seen.Offset).ShouldBeInOrder(SortDirection.Ascending);
        foreach (var seen in read)
        {
            var written = _model.At(seen.Offset).ShouldNotBeNull($"offset {seen.Offset} was never written");
            (seen.Key, seen.Value, seen.Timestamp).ShouldBe((written.Key, written.Value, written.Timestamp));
            Log.EpochForOffset(seen.Offset).ShouldBe(written.Epoch, $"epoch of {seen.Offset}");
        }

        CheckKeys(read);
        CheckReads(read);
        CheckCommittedReads(read);
    }

    private void CheckKeys(List<Seen> read)
    {
        var offsets = read.Select(seen => seen.Offset).ToHashSet();
        var aborted = _model.Aborted();
        var newest = new Dictionary<string, Written>();
        foreach (var record in _model.Records)
        {
            if (aborted.Contains(record.Offset))
            {
                continue;
            }

            newest[record.Key!] = record;
            if (record.Offset >= _touchedTo)
            {
                offsets.ShouldContain(record.Offset, "what was not compacted yet is all there");
            }
        }

        foreach (var record in newest.Values)
        {
            var mayBeGone = record.Value is null && !_keepsTombstones && record.Offset < _touchedTo;
            (offsets.Contains(record.Offset) || mayBeGone).ShouldBeTrue($"the newest record of {record.Key}, at {record.Offset}, is gone");
        }

        // What was compacted has each key once, and nothing that was aborted.
        var cleaned = read.Where(seen => seen.Offset < _cleanedTo).ToList();
        cleaned.Where(seen => aborted.Contains(seen.Offset)).ShouldBeEmpty();
        cleaned.GroupBy(seen => seen.Key).Where(key => key.Count() > 1).ShouldBeEmpty();
    }

    private void CheckReads(List<Seen> read)
    {
        var from = _random.NextInt64(_model.Start, _model.End + 1);
        _world.Read(from).Where(seen => seen.Offset >= from).ShouldBe(read.Where(seen => seen.Offset >= from));

        var timestamp = _world.NowMs - _random.Next(600);
        var expected = CompactedWorld.Read(Log, withMarkers: true)
            .Find(seen => seen.Offset >= _model.Start && seen.Timestamp >= timestamp);
        var found = Log.OffsetForTimestamp(timestamp, long.MaxValue, CompactedWorld.Codecs.Decompress);
        (found?.Offset, found?.Timestamp).ShouldBe((expected?.Offset, expected?.Timestamp), $"the first record from {timestamp} on");
    }

    /// <summary>What a reader of committed records makes of the log and its list of aborted transactions, by Kafka's rules.</summary>
    private void CheckCommittedReads(List<Seen> read)
    {
        var from = _random.NextInt64(_model.Start, _model.End + 1);
        var stable = Math.Min(_model.End, _model.FirstUnstable());
        var pending = new Queue<AbortedTransaction>(
            (Log.AbortedTransactions(from, stable) ?? []).OrderBy(transaction => transaction.FirstOffset));
        var aborted = new HashSet<long>();
        var seen = new List<long>();
        foreach (var batch in CompactedWorld.Batches(Log, from).Where(batch => batch.Header.LastOffset < stable))
        {
            while (pending.TryPeek(out var next) && next.FirstOffset <= batch.Header.LastOffset)
            {
                aborted.Add(pending.Dequeue().ProducerId);
            }

            if (batch.Header.IsControlBatch)
            {
                aborted.Remove(batch.Header.ProducerId);
            }
            else if (!batch.Header.IsTransactional || !aborted.Contains(batch.Header.ProducerId))
            {
                seen.AddRange(read.Select(record => record.Offset)
                    .Where(offset => offset >= Math.Max(from, batch.Header.BaseOffset) && offset <= batch.Header.LastOffset));
            }
        }

        var abortedOffsets = _model.Aborted();
        seen.ShouldBe(
            read.Select(record => record.Offset).Where(offset => offset >= from && offset < stable && !abortedOffsets.Contains(offset)),
            $"committed records from {from} to {stable}");
    }
}
