namespace SchemaStream.Transport.Wire.Producing;

/// <content>What became of records, one batch after another, in the order in which they were settled.</content>
internal sealed partial class WireProducer
{
    private readonly List<SettledBatch> _told = [];
    private bool _isTelling;

    /// <summary>Never under the lock: it runs the application's code. Whoever finds someone telling already leaves it to them.</summary>
    private void Tell()
    {
        lock (_lock)
        {
            if (_isTelling || _state.Settled.Count == 0)
            {
                return;
            }

            _isTelling = true;
        }

        while (TakeSettled())
        {
            foreach (var settled in _told)
            {
                TellOf(settled);
            }
        }
    }

    /// <summary>Ends with what was told, and takes what is to be told next.</summary>
    /// <returns>False when there is nothing.</returns>
    private bool TakeSettled()
    {
        TaskCompletionSource? roomWaiter = null;
        TaskCompletionSource? drainWaiter = null;
        bool isMore;
        lock (_lock)
        {
            foreach (var settled in _told)
            {
                _pending -= settled.Batch?.Count ?? 1;
                if (settled.Batch is { } batch)
                {
                    _state.Free(batch);
                }
            }

            if (_told.Count > 0 && _state.HasRoomAgain)
            {
                (roomWaiter, _roomWaiter) = (_roomWaiter, null);
                _state.IsPressed = false;
            }

            if (_pending == 0)
            {
                _state.IsFlushing = false;
                (drainWaiter, _drainWaiter) = (_drainWaiter, null);
            }

            _told.Clear();
            _told.AddRange(_state.Settled);
            _state.Settled.Clear();
            isMore = _isTelling = _told.Count > 0;
        }

        roomWaiter?.TrySetResult();
        drainWaiter?.TrySetResult();
        return isMore;
    }

    private void TellOf(SettledBatch settled)
    {
        if (settled.Alone is { } alone)
        {
            var failure = FailureOf(alone.Record.Partition, settled.Failure!);
            if (alone.Delivery is { } delivery)
            {
                delivery.Fail(failure);
            }
            else
            {
                _failures.Report(failure);
            }
        }
        else if (settled.Failure is { } why)
        {
            TellFailed(settled.Batch!, FailureOf(settled.Partition, why));
        }
        else
        {
            foreach (var (index, delivery) in settled.Batch!.Deliveries)
            {
                delivery.Succeed(settled.Partition, settled.BaseOffset < 0 ? -1 : settled.BaseOffset + index);
            }
        }
    }

    private void TellFailed(ProducerBatch batch, DeliveryFailure failure)
    {
        foreach (var (_, delivery) in batch.Deliveries)
        {
            delivery.Fail(failure);
        }

        for (var unheard = batch.Count - batch.Deliveries.Count; unheard > 0; unheard--)
        {
            _failures.Report(failure);
        }
    }

    private DeliveryFailure FailureOf(int partition, BatchFailure failure) =>
        new(_topic, partition, failure.Code, Explain(failure.Code, failure.Reason), failure.IsOutcomeUnknown);
}
