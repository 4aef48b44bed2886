using System.Buffers.Binary;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests;

/// <summary>
/// A log does what a plain list would do, whatever happens to it in whatever order. A failure names its seed; the same
/// seed makes the same history.
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 250;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Log_OfARandomHistory_IsWhatAListWouldBe(int seed)
    {
        for (var history = 0; history < 5; history++)
        {
            new History((seed * 100_000) + history).Run();
        }
    }

    private sealed record Entry(long Offset, long Timestamp, int Value, int Epoch);

    /// <summary>What a producer wrote; a marker has no sequence.</summary>
    private sealed record Written(long ProducerId, long BaseOffset, long LastOffset, int LastSequence, bool IsTransactional);

    private sealed class History
    {
        private readonly Random _random;
        private readonly LogWorld _world;
        private readonly List<Entry> _model = [];
        private readonly List<Written> _written = [];
        private readonly List<string> _steps = [];

        // What was synced, and what the checkpoint on disk says was: that one is not told of truncations.
        private long _recoveryPoint;
        private long _checkpointedRecoveryPoint;
        private long _start;
        private long _end;
        private int _epoch;
        private int _value;

        public History(int seed)
        {
            _steps.Add($"seed {seed}");
            _random = new Random(seed);
            _world = new LogWorld(
                new LogConfig
                {
                    SegmentBytes = _random.Next(500, 3000),
                    IndexIntervalBytes = _random.Next(1, 600),
                    SegmentIndexBytes = _random.Next(100, 2000),
                    SegmentMs = _random.Next(2) == 0 ? 200 : 1_000_000,
                },
                cacheCapacity: _random.Next(1, 20));
        }

        public void Run()
        {
            try
            {
                for (var step = 0; step < Steps; step++)
                {
                    Step();
                    Check(isThorough: step % 25 == 24);
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', _steps)}", e);
            }
        }

        private void Step()
        {
            switch (_random.Next(31))
            {
                case < 18:
                    Append();
                    break;
                case 18 or 19:
                    AppendAsFollower();
                    break;
                case 20:
                    _steps.Add("roll");
                    _world.Log.Roll(LogWorld.Now);
                    break;
                case 21 or 22:
                    Truncate();
                    break;
                case 23:
                    AdvanceStart();
                    break;
                case 24:
                    Retain();
                    break;
                case 25:
                    Flush();
                    break;
                case 26:
                    _steps.Add("restart");
                    _world.Restart().Recovery.HasFindings.ShouldBeFalse();
                    _checkpointedRecoveryPoint = _recoveryPoint = _end;
                    break;
                case 27:
                    _steps.Add("crash");
                    _world.Crash(_checkpointedRecoveryPoint).Recovery.HasFindings.ShouldBeFalse();
                    break;
                case 28:
                    LosePower();
                    break;
                case 29:
                    TruncateOnABrokenDisk();
                    break;
                default:
                    _epoch++;
                    break;
            }
        }

        private void Append()
        {
            var batch = Build(_random.Next(1, 6), out var entries);
            _steps.Add($"append {entries.Count} at {_end} epoch {_epoch}");
            var isMarker = new RecordBatchHeader(batch).IsControlBatch;
            var result = _world.Log.AppendAsLeader(
                batch, _epoch, LogWorld.Now, isMarker ? AppendOrigin.Coordinator : AppendOrigin.Client);
            (result.Error, result.BaseOffset, result.LastOffset)
                .ShouldBe((ErrorCode.None, _end, _end + entries.Count - 1));
            Add(entries);
        }

        private void AppendAsFollower()
        {
            // A compacted leader has gaps between its batches.
            _end += _random.Next(3) == 0 ? _random.Next(20) : 0;
            var batch = Build(_random.Next(1, 6), out var entries);
            RecordBatchHeader.WriteBaseOffset(batch, _end);
            RecordBatchHeader.WritePartitionLeaderEpoch(batch, _epoch);
            _steps.Add($"follow {entries.Count} at {_end} epoch {_epoch}");
            _world.Log.AppendAsFollower(batch, LogWorld.Now).Error.ShouldBe(ErrorCode.None);
            Add(entries);
        }

        private byte[] Build(int count, out List<Entry> entries)
        {
            var builder = Producer(ref count);
            entries = [];
            for (var i = 0; i < count; i++)
            {
                var entry = new Entry(_end + i, 1000 + _random.Next(1000), _value++, _epoch);
                var value = new byte[_random.Next(4, 60)];
                BinaryPrimitives.WriteInt32BigEndian(value, entry.Value);
                builder.Add(entry.Timestamp, null, value);
                entries.Add(entry);
            }

            if (builder.ProducerId >= 0)
            {
                _written.Add(new Written(
                    builder.ProducerId,
                    _end,
                    _end + count - 1,
                    builder.IsControlBatch ? -1 : builder.BaseSequence + count - 1,
                    builder.IsTransactional));
            }

            return builder.Build();
        }

        /// <summary>Half of the batches are of a producer, which goes on as the log says that it has to.</summary>
        private RecordBatchBuilder Producer(ref int count)
        {
            var id = _random.Next(8);
            if (id > 3)
            {
                return new RecordBatchBuilder();
            }

            var last = _written.FindLast(written => written.ProducerId == id && written.LastSequence >= 0);
            var isMarker = OngoingSince(id) is not null && _random.Next(3) == 0;
            count = isMarker ? 1 : count;
            return new RecordBatchBuilder
            {
                ProducerId = id,
                ProducerEpoch = 0,
                BaseSequence = isMarker ? -1 : IsKnownByItsEpochOnly(id) ? 0 : (last?.LastSequence ?? -1) + 1,
                IsTransactional = id < 2,
                IsControlBatch = isMarker,
            };
        }

        private bool IsKnownByItsEpochOnly(long producerId) => _world.Log.Producers.Producers
            .Any(producer => producer.ProducerId == producerId && producer.BatchCount == 0);

        private long? OngoingSince(long producerId)
        {
            long? since = null;
            foreach (var written in _written.Where(written => written.ProducerId == producerId && written.IsTransactional))
            {
                since = written.LastSequence < 0 ? null : since ?? written.BaseOffset;
            }

            return since;
        }

        private void Add(List<Entry> entries)
        {
            _model.AddRange(entries);
            _end = entries[^1].Offset + 1;
        }

        private void Truncate()
        {
            var target = _random.NextInt64(Math.Max(0, _end - 40), _end + 2);
            _steps.Add($"truncate to {target}");
            _world.Log.TruncateTo(target);
            if (target >= _end)
            {
                return;
            }

            // The log may take more, as batches are cut as a whole, but never a batch more than it has to.
            _end = _world.Log.LogEndOffset;
            _end.ShouldBeInRange(target - 25, target);
            if (target <= _start)
            {
                (_start, _end) = (target, target);
                _model.Clear();
                _written.Clear();

                // That moves the checkpoints back; see DataDirectory.
                _checkpointedRecoveryPoint = Math.Min(_checkpointedRecoveryPoint, _end);
            }

            CutModel();
            _recoveryPoint = Math.Min(_recoveryPoint, _end);
        }

        /// <summary>The disk fails somewhere on the way, and then the process, or the machine, goes down.</summary>
        private void TruncateOnABrokenDisk()
        {
            if (_end - _start < 2)
            {
                return;
            }

            var target = _random.NextInt64(Math.Max(_start + 1, _end - 40), _end);
            var failing = _random.Next(10);
            _steps.Add($"truncate to {target}, operation {failing} fails");
            _world.Disk.Fault = (operation, _) => operation != DiskOperation.Read && failing-- == 0 ? "broken" : null;
            try
            {
                _world.Log.TruncateTo(target);
                _world.Log.Flush();
                _checkpointedRecoveryPoint = Math.Min(_checkpointedRecoveryPoint, target);
            }
            catch (LogStorageException)
            {
                _world.Log.IsOffline.ShouldBeTrue();
            }

            _world.Disk.Fault = null;
            if (_random.Next(2) == 0)
            {
                _world.Crash(_checkpointedRecoveryPoint);
            }
            else
            {
                _world.LosePower(_random, _checkpointedRecoveryPoint);
            }

            var log = _world.Log;
            log.LogEndOffset.ShouldBeInRange(Math.Min(_recoveryPoint, Math.Max(_start, target - 25)), _end);
            _end = log.LogEndOffset;
            SetStart(log.LogStartOffset);
            CutModel();

            // What was cut off when the disk failed stays away once it was synced, and not before.
            Flush();
        }

        private void CutModel()
        {
            _model.RemoveAll(entry => entry.Offset >= _end);
            _written.RemoveAll(written => written.LastOffset >= _end);
        }

        private void AdvanceStart()
        {
            var target = _random.NextInt64(_start, _end + 1);
            _steps.Add($"start at {target}");
            _world.Log.AdvanceLogStartOffset(target).ShouldBe(target > _start);
            SetStart(target);
        }

        private void Retain()
        {
            var policy = new RetentionPolicy(-1, _random.Next(4000));
            var highWatermark = _random.NextInt64(_start, _end + 1);
            _steps.Add($"retain {policy.RetentionBytes} below {highWatermark}");
            _world.Log.ApplyRetention(policy, LogWorld.Now, highWatermark).DeleteFiles();
            _world.Log.LogStartOffset.ShouldBeInRange(_start, Math.Max(_start, highWatermark));
            SetStart(_world.Log.LogStartOffset);
        }

        private void SetStart(long start)
        {
            _start = start;
            _model.RemoveAll(entry => entry.Offset < start);
        }

        private void Flush()
        {
            _steps.Add("flush");
            _world.Log.Flush();
            _checkpointedRecoveryPoint = _recoveryPoint = _end;
        }

        private void LosePower()
        {
            _steps.Add("lose power");
            _world.LosePower(_random, _checkpointedRecoveryPoint);
            var log = _world.Log;
            log.LogEndOffset.ShouldBeInRange(_recoveryPoint, _end, log.Recovery.ToString());
            _end = log.LogEndOffset;
            SetStart(log.LogStartOffset);
            CutModel();
        }

        private void Check(bool isThorough)
        {
            var log = _world.Log;
            (log.LogStartOffset, log.LogEndOffset).ShouldBe((_start, _end));
            var from = isThorough ? _start : _random.NextInt64(_start, _end + 1);
            var bound = isThorough ? long.MaxValue : _random.NextInt64(_start, _end + 10);
            CheckRead(from, bound, _random.Next(1, 2000));
            CheckProducers();
            CheckTime(_random.NextInt64(900, 2100));
            var offset = _random.NextInt64(_start, _end + 1);
            if (_model.Find(entry => entry.Offset == offset) is { } known)
            {
                log.EpochForOffset(offset).ShouldBe(known.Epoch);
            }

            if (_model.Count > 0)
            {
                log.LatestEpoch.ShouldBe(_model[^1].Epoch);
            }

            _world.Cache.OpenCount.ShouldBeLessThanOrEqualTo(Math.Max(_world.Cache.Capacity, 1));
        }

        private void CheckRead(long from, long bound, int maxBytes)
        {
            var expected = _model.Where(entry => entry.Offset >= from).Select(entry => entry.Value).ToList();
            var read = new List<int>();
            var next = from;
            while (LogWorld.ReadBytes(_world.Log, next, bound, maxBytes) is { Length: > 0 } bytes)
            {
                foreach (var batch in RecordBatches.Split(bytes))
                {
                    RecordBatches.Validate(batch.Memory.Span, out _).ShouldBe(RecordBatchFault.None);
                    batch.Header.LastOffset.ShouldBeLessThan(bound);
                    foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
                    {
                        if (record.Offset >= from)
                        {
                            read.Add(BinaryPrimitives.ReadInt32BigEndian(record.Value));
                        }
                    }

                    next = batch.Header.NextOffset;
                }
            }

            // Below the bound only whole batches come: at most the records of one are missing.
            read.ShouldBe(expected.Take(read.Count));
            var below = _model.Count(entry => entry.Offset >= from && entry.Offset < bound);
            read.Count.ShouldBeInRange(Math.Max(0, below - 5), below);
            if (bound > _end)
            {
                read.Count.ShouldBe(expected.Count);
            }
        }

        /// <summary>What is remembered is what the log says, or of before its start; nothing of what was cut off.</summary>
        private void CheckProducers()
        {
            var log = _world.Log;
            foreach (var producer in log.Producers.Producers.Where(producer => producer.BatchCount > 0))
            {
                var last = _written.FindLast(
                    written => written.ProducerId == producer.ProducerId && written.LastSequence >= 0);
                if (last is not null && last.LastOffset >= _start)
                {
                    (producer.LastSequence, producer.LastBatch.LastOffset)
                        .ShouldBe((last.LastSequence, last.LastOffset), $"producer {producer.ProducerId}");
                }
                else
                {
                    producer.LastBatch.LastOffset.ShouldBeLessThan(_start, $"producer {producer.ProducerId}");
                }
            }

            log.CommittedTo(_end);
            for (var id = 0; id < 2; id++)
            {
                if (OngoingSince(id) is { } since && since >= _start)
                {
                    log.FirstUnstableOffset.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(since);
                }
            }

            if (OngoingSince(0) is null && OngoingSince(1) is null)
            {
                (log.FirstUnstableOffset ?? -1).ShouldBeLessThan(Math.Max(_start, 0));
            }
        }

        private void CheckTime(long timestamp)
        {
            var expected = _model.Find(entry => entry.Timestamp >= timestamp);
            var found = _world.Log.OffsetForTimestamp(timestamp, long.MaxValue);
            found.ShouldBe(
                expected is null ? null : new TimestampedOffset(expected.Timestamp, expected.Offset, expected.Epoch));
        }
    }
}
