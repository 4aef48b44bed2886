using System.Buffers.Binary;
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
        for (var history = 0; history < 6; history++)
        {
            new History((seed * 1000) + history).Run();
        }
    }

    private sealed record Entry(long Offset, long Timestamp, int Value, int Epoch);

    private sealed class History
    {
        private readonly Random _random;
        private readonly LogWorld _world;
        private readonly List<Entry> _model = [];
        private readonly List<string> _steps = [];
        private long _recoveryPoint;
        private bool _isTruncatedSinceFlush;
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
            switch (_random.Next(30))
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
                    _recoveryPoint = _end;
                    break;
                case 27:
                    _steps.Add("crash");
                    _world.Crash(_recoveryPoint).Recovery.HasFindings.ShouldBeFalse();
                    break;
                case 28:
                    LosePower();
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
            var result = _world.Log.AppendAsLeader(batch, _epoch, LogWorld.Now);
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
            var builder = new RecordBatchBuilder();
            entries = [];
            for (var i = 0; i < count; i++)
            {
                var entry = new Entry(_end + i, 1000 + _random.Next(1000), _value++, _epoch);
                var value = new byte[_random.Next(4, 60)];
                BinaryPrimitives.WriteInt32BigEndian(value, entry.Value);
                builder.Add(entry.Timestamp, null, value);
                entries.Add(entry);
            }

            return builder.Build();
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
            _model.RemoveAll(entry => entry.Offset >= _end);
            if (target <= _start)
            {
                (_start, _end) = (target, target);
                _model.Clear();
            }

            _recoveryPoint = Math.Min(_recoveryPoint, _end);
            _isTruncatedSinceFlush = true;
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
            _recoveryPoint = _end;
            _isTruncatedSinceFlush = false;
        }

        private void LosePower()
        {
            if (_isTruncatedSinceFlush)
            {
                // What a truncation took may come back if it was not synced; leader epochs settle that, not one log.
                Flush();
            }

            _steps.Add("lose power");
            _world.LosePower(_random, _recoveryPoint);
            var log = _world.Log;
            log.LogEndOffset.ShouldBeInRange(_recoveryPoint, _end, log.Recovery.ToString());
            _end = log.LogEndOffset;
            SetStart(log.LogStartOffset);
            _model.RemoveAll(entry => entry.Offset >= _end);
        }

        private void Check(bool isThorough)
        {
            var log = _world.Log;
            (log.LogStartOffset, log.LogEndOffset).ShouldBe((_start, _end));
            var from = isThorough ? _start : _random.NextInt64(_start, _end + 1);
            var bound = isThorough ? long.MaxValue : _random.NextInt64(_start, _end + 10);
            CheckRead(from, bound, _random.Next(1, 2000));
            CheckTime(_random.NextInt64(900, 2100));
            var offset = _random.NextInt64(_start, _end + 1);
            if (_model.Find(entry => entry.Offset == offset) is { } known)
            {
                log.EpochForOffset(offset).ShouldBe(known.Epoch);
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

        private void CheckTime(long timestamp)
        {
            var expected = _model.Find(entry => entry.Timestamp >= timestamp);
            var found = _world.Log.OffsetForTimestamp(timestamp, long.MaxValue);
            found.ShouldBe(
                expected is null ? null : new TimestampedOffset(expected.Timestamp, expected.Offset, expected.Epoch));
        }
    }
}
