using SchemaStream.Consuming.Failures;

namespace SchemaStream.Consuming.Processing;

/// <content>Workers, each with one handler at a time, and what follows when it fails.</content>
internal sealed partial class Processor<TKey, TValue>
{
    /// <summary>After how many records of a lane the worker looks whether other lanes wait.</summary>
    private const int RecordsInARow = 32;

    private enum Outcome
    {
        /// <summary>The record needs no further attempt.</summary>
        Finished,

        /// <summary>It is left for whoever reads on.</summary>
        Unfinished,

        /// <summary>It is handled again later, and its lane waits.</summary>
        Again,
    }

    private async Task WorkAsync()
    {
        await foreach (var lane in _runnable.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            for (var count = 1; lane.TryTake(out var item); count++)
            {
                if (!await HandleAsync(lane, item).ConfigureAwait(false))
                {
                    break;
                }

                if (count >= RecordsInARow && _runnable.Reader.Count > 0 && _runnable.Writer.TryWrite(lane))
                {
                    break;
                }
            }
        }
    }

    /// <returns>Whether this worker may go on with the lane.</returns>
    private async ValueTask<bool> HandleAsync(Lane<TKey, TValue> lane, WorkItem<TKey, TValue> item)
    {
        var work = lane.Work;
        if (work.Partition.IsHeldBack && work.TryPark(lane, in item))
        {
            if ((work.Partition.Pauses & Transport.PauseReasons.Application) == 0)
            {
                Unpark(work); // it was resumed between the two
            }

            return false;
        }

        if (!work.TryBegin())
        {
            item.Bytes.Return();
            return false;
        }

        try
        {
            switch (await AttemptAsync(lane, item).ConfigureAwait(false))
            {
                case Outcome.Finished:
                    Finish(work, in item);
                    return true;
                default:
                    return false; // nothing of the lane follows before this record has been handled
            }
        }
        finally
        {
            work.End();
        }
    }

    private async ValueTask<Outcome> AttemptAsync(Lane<TKey, TValue> lane, WorkItem<TKey, TValue> item)
    {
        try
        {
            await _handler(item.Record, lane.Work.HandlersToken).ConfigureAwait(false);
            return Outcome.Finished;
        }
        catch (OperationCanceledException) when (lane.Work.HandlersToken.IsCancellationRequested)
        {
            return Outcome.Unfinished;
        }
        catch (Exception failure)
        {
            try
            {
                return await ActUponAsync(failure, lane, item).ConfigureAwait(false);
            }
            catch (Exception unreachable)
            {
                // The record could not even be put aside: that ends the run, so that it is not lost.
                Fail(unreachable);
                return Outcome.Unfinished;
            }
        }
    }

    private async ValueTask<Outcome> ActUponAsync(Exception failure, Lane<TKey, TValue> lane, WorkItem<TKey, TValue> item)
    {
        var policy = _terms.Options.Failure;
        var (topic, partition, offset) = item.Record.Position;
        if (item.Attempt <= policy.Delays.Count && policy.RetryWhen?.Invoke(failure) != false)
        {
            var delay = policy.Delays[item.Attempt - 1];
            if (policy.Place == RetryPlace.RetryTopics)
            {
                await _failed!.RetryLaterAsync(
                    Failed(in item), failure, item.Attempt, delay, lane.Work.HandlersToken).ConfigureAwait(false);
            }

            // Not before it waits where it shall: what could not be put aside is not tried again, but ends the run.
            Telemetry.CountRetry(topic);
            _logger.RecordRetried(topic, partition, offset, item.Attempt, delay, failure);
            if (policy.Place == RetryPlace.RetryTopics)
            {
                return Outcome.Finished;
            }

            lane.PutBack(item with { Attempt = item.Attempt + 1 });
            _ = GoOnAfterAsync(delay, lane);
            return Outcome.Again;
        }

        switch (policy.Finally)
        {
            case FailureAction.Skip:
                _logger.RecordPassedOver(topic, partition, offset, failure);
                break;
            case FailureAction.DeadLetter:
                await _failed!.DeadLetterAsync(
                    Failed(in item), failure, item.Attempt, policy, lane.Work.HandlersToken).ConfigureAwait(false);
                break;
            default:
                Telemetry.CountFailure(topic, policy.Finally);
                Fail(failure);
                return Outcome.Unfinished;
        }

        Telemetry.CountFailure(topic, policy.Finally);
        return Outcome.Finished;
    }

    private static FailedRecord Failed(in WorkItem<TKey, TValue> item) => new(
        item.Record.Position, item.Record.Timestamp, item.Bytes.Key, item.Bytes.Value, item.Record.Headers);

    /// <summary>No worker waits with it: others use the time.</summary>
    private async Task GoOnAfterAsync(TimeSpan delay, Lane<TKey, TValue> lane)
    {
        var wait = Task.Delay(delay, _terms.Time, lane.Work.DelaysToken);
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!wait.IsCanceled)
        {
            _runnable.Writer.TryWrite(lane);
        }
    }

    private void Finish(PartitionWork<TKey, TValue> work, in WorkItem<TKey, TValue> item)
    {
        if (work.Finish(in item))
        {
            EndBacklog(work.Partition);
        }

        TellFinished();
    }

    /// <summary>Ends the run with the first of its failures.</summary>
    private void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            _failing.Cancel();
        }
    }
}
