namespace SchemaStream.Consuming;

/// <content>Records one by one, and in batches.</content>
internal sealed partial class TopicConsumer<TKey, TValue>
{
    public IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ReadAllAsync(CancellationToken cancellationToken = default) =>
        new RecordLoop(this, cancellationToken);

    public IAsyncEnumerable<ConsumedBatch<TKey, TValue>> ReadBatchesAsync(
        BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxWait, TimeSpan.Zero);
        return new BatchLoop(this, options, cancellationToken);
    }

    /// <summary>What both loops share: one at a time, and what is in hand is settled before there is more.</summary>
    private abstract class Loop<T>(TopicConsumer<TKey, TValue> consumer, CancellationToken cancellationToken)
        : IAsyncEnumerable<T>, IAsyncEnumerator<T>
    {
        private CancellationTokenSource? _linked;
        private LoopState _state;

        private enum LoopState
        {
            Made,
            Handed,
            Running,
            Ended,
        }

        public abstract T Current { get; }

        protected TopicConsumer<TKey, TValue> Consumer { get; } = consumer;

        protected CancellationToken CancellationToken { get; private set; } = cancellationToken;

        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            if (_state != LoopState.Made)
            {
                throw new InvalidOperationException("This loop has been walked already: ask the consumer for another.");
            }

            _state = LoopState.Handed;
            if (cancellationToken.CanBeCanceled && cancellationToken != CancellationToken)
            {
                if (CancellationToken.CanBeCanceled)
                {
                    _linked = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
                    CancellationToken = _linked.Token;
                }
                else
                {
                    CancellationToken = cancellationToken;
                }
            }

            return this;
        }

        public abstract ValueTask<bool> MoveNextAsync();

        public ValueTask DisposeAsync()
        {
            End();
            return ValueTask.CompletedTask;
        }

        /// <returns>Whether the loop goes on.</returns>
        protected bool Begin()
        {
            if (_state == LoopState.Handed)
            {
                Consumer.BeginReading();
                _state = LoopState.Running;
            }

            return _state == LoopState.Running;
        }

        protected void End()
        {
            if (_state == LoopState.Running)
            {
                Consumer.EndReading();
            }

            _state = LoopState.Ended;
            _linked?.Dispose();
            _linked = null;
        }

        /// <summary>Before the look at the token: a record that was handled while the program was told to stop is handled.</summary>
        protected async ValueTask SettleAsync()
        {
            if (Consumer._inHand.Count > 0)
            {
                await Consumer.SettleAsync(CancellationToken).ConfigureAwait(false);
            }

            CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Record by record. Written out, so that a record at hand costs no state machine.</summary>
    private sealed class RecordLoop(TopicConsumer<TKey, TValue> consumer, CancellationToken cancellationToken)
        : Loop<ConsumedRecord<TKey, TValue>>(consumer, cancellationToken)
    {
        private readonly bool _commitsEach = consumer._options.CommitMode == CommitMode.AfterHandling;
        private ConsumedRecord<TKey, TValue> _current;

        public override ConsumedRecord<TKey, TValue> Current => _current;

        public override ValueTask<bool> MoveNextAsync()
        {
            if (!Begin())
            {
                return new ValueTask<bool>(false);
            }

            if (_commitsEach || CancellationToken.IsCancellationRequested)
            {
                return MoveSlowlyAsync(SourceStep.Nothing);
            }

            // The settled record's mark stays in the list, for the next is nearly always of the same partition.
            var marks = Consumer._inHand;
            if (marks.Count > 0)
            {
                var mark = marks[0];
                if (mark.Partition.SeekCount == mark.SeekCount)
                {
                    mark.Partition.HandleNext(mark.Offset);
                }

                if (marks.Count > 1 || mark.Partition.IsRevoked)
                {
                    return MoveSlowlyAsync(SourceStep.Nothing);
                }
            }

            var step = Consumer._source.TakeNext(out _current);
            if (step != SourceStep.Record)
            {
                return MoveSlowlyAsync(step);
            }

            var source = Consumer._source;
            if (marks.Count > 0 && !ReferenceEquals(marks[0].Partition, source.Partition))
            {
                marks.Clear();
            }

            Consumer.HandOut();
            return new ValueTask<bool>(true);
        }

        private async ValueTask<bool> MoveSlowlyAsync(SourceStep step)
        {
            try
            {
                await SettleAsync().ConfigureAwait(false);
                var source = Consumer._source;
                while (step != SourceStep.Record)
                {
                    if (step is not (SourceStep.Nothing or SourceStep.PartitionEnd))
                    {
                        if (!await source.AdvanceAsync(step, CancellationToken).ConfigureAwait(false))
                        {
                            End();
                            return false;
                        }

                        if (source.HasPassedOver)
                        {
                            Consumer.HandOut();
                            await SettleAsync().ConfigureAwait(false);
                        }
                    }

                    CancellationToken.ThrowIfCancellationRequested();
                    step = source.TakeNext(out _current);
                }

                Consumer.HandOut();
                return true;
            }
            catch
            {
                End();
                throw;
            }
        }
    }

    /// <summary>Batch by batch, into memory that is used again for the next.</summary>
    private sealed class BatchLoop(TopicConsumer<TKey, TValue> consumer, BatchOptions options, CancellationToken cancellationToken)
        : Loop<ConsumedBatch<TKey, TValue>>(consumer, cancellationToken)
    {
        private const int FirstCapacity = 64;

        private ConsumedRecord<TKey, TValue>[] _records = new ConsumedRecord<TKey, TValue>[Math.Min(options.MaxCount, FirstCapacity)];
        private int _count;

        public override ConsumedBatch<TKey, TValue> Current => new(_records.AsMemory(0, _count));

        public override async ValueTask<bool> MoveNextAsync()
        {
            if (!Begin())
            {
                return false;
            }

            try
            {
                await SettleAsync().ConfigureAwait(false);
                _count = 0;
                if (await FillAsync().ConfigureAwait(false))
                {
                    Consumer.HandOutTaken(); // not before: what still waits for others must not be committed by hand
                    return true;
                }

                End();
                return false;
            }
            catch
            {
                End();
                throw;
            }
        }

        /// <returns>Whether there is anything.</returns>
        private async ValueTask<bool> FillAsync()
        {
            var source = Consumer._source;
            long? firstAt = null;
            while (_count < options.MaxCount)
            {
                var step = TakeAtHand();
                if (_count > 0)
                {
                    firstAt ??= Consumer._options.TimeProvider.GetTimestamp(); // what an earlier batch has left over counts too
                }

                if (step is SourceStep.Record or SourceStep.Nothing or SourceStep.PartitionEnd)
                {
                    continue;
                }

                if (_count == 0)
                {
                    CancellationToken.ThrowIfCancellationRequested();
                    if (!await source.AdvanceAsync(step, CancellationToken).ConfigureAwait(false))
                    {
                        return false;
                    }

                    if (source.HasPassedOver)
                    {
                        // Nothing else is in hand, and it must not wait for the next record, which may never come.
                        Consumer.HandOut();
                        await SettleAsync().ConfigureAwait(false);
                    }

                    continue;
                }

                // What is at hand goes out before anything else is acted upon, an unreadable record for example.
                if (step != SourceStep.NoBatch)
                {
                    break;
                }

                var isMore = source.TryAdvance() || await WaitForMoreAsync(firstAt!.Value).ConfigureAwait(false);
                DropVoid(); // before more is taken: a partition that has left and come back is another one by then
                if (_count == 0)
                {
                    firstAt = null;
                }
                else if (!isMore)
                {
                    break;
                }
            }

            return true;
        }

        /// <summary>
        /// Partitions may have left, been paused or gone elsewhere while the batch was filled. Then what it has of them is
        /// not handed out; of a paused one it is fetched again.
        /// </summary>
        private void DropVoid()
        {
            var marks = Consumer._inHand;
            for (var index = marks.Count - 1; index >= 0; index--)
            {
                var (partition, seekCount, _) = marks[index];
                var isOurs = !partition.IsRevoked && partition.SeekCount == seekCount;
                if (isOurs && !(partition.IsHeldBack && partition.TryDrop(partition.Generation, FirstOffset(partition.Name.Partition))))
                {
                    continue;
                }

                marks.RemoveAt(index);
                Drop(partition.Name.Partition);
            }
        }

        private long FirstOffset(int partition)
        {
            var index = 0;
            while (_records[index].Partition != partition)
            {
                index++;
            }

            return _records[index].Offset;
        }

        private void Drop(int partition)
        {
            var kept = 0;
            for (var index = 0; index < _count; index++)
            {
                if (_records[index].Partition != partition)
                {
                    _records[kept++] = _records[index];
                }
            }

            _count = kept;
        }

        private SourceStep TakeAtHand()
        {
            var source = Consumer._source;
            while (_count < options.MaxCount)
            {
                if (_count == _records.Length)
                {
                    Array.Resize(ref _records, Math.Min(_count * 2, options.MaxCount));
                }

                var step = source.TakeNext(out _records[_count]);
                if (step != SourceStep.Record)
                {
                    return step;
                }

                _count++;
                Consumer.MarkTaken(source.Partition, source.Offset + 1);
            }

            return SourceStep.Record;
        }

        /// <returns>False when the wait is over.</returns>
        private async ValueTask<bool> WaitForMoreAsync(long firstAt)
        {
            var time = Consumer._options.TimeProvider;
            var left = options.MaxWait - time.GetElapsedTime(firstAt);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            using var end = new CancellationTokenSource(left, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, CancellationToken);

            // Whatever ends the wait, what is at hand goes out first; the next look meets it again.
            var more = Consumer._source.AdvanceAsync(SourceStep.NoBatch, either.Token).AsTask();
            await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return more.IsCompletedSuccessfully && await more.ConfigureAwait(false);
        }
    }
}
