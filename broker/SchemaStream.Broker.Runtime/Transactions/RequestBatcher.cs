namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>
/// Puts what comes while a request is under way into the next one, so that a busy broker is asked seldom for much, and an
/// idle one at once. One request at a time: what is added later is never decided earlier.
/// </summary>
internal sealed class RequestBatcher<TItem, TResult>(
    int maxItems, Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> send, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly Queue<(TItem Item, TaskCompletionSource<TResult> Result)> _queue = new();
    private bool _isSending;

    /// <summary>Completes with the item's own result, or with what the request failed with.</summary>
    public Task<TResult> AddAsync(TItem item)
    {
        var result = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _queue.Enqueue((item, result));
            if (_isSending)
            {
                return result.Task;
            }

            _isSending = true;
        }

        _ = SendAllAsync();
        return result.Task;
    }

    private async Task SendAllAsync()
    {
        while (NextBatch() is { } batch)
        {
            try
            {
                var results = await send([.. batch.Select(each => each.Item)], stopping).ConfigureAwait(false);
                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].Result.SetResult(results[i]);
                }
            }
            catch (Exception failed)
            {
                // Told to whoever waits; the next batch is another request.
                foreach (var each in batch)
                {
                    each.Result.TrySetException(failed);
                }
            }
        }
    }

    private List<(TItem Item, TaskCompletionSource<TResult> Result)>? NextBatch()
    {
        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                _isSending = false;
                return null;
            }

            var batch = new List<(TItem, TaskCompletionSource<TResult>)>(Math.Min(_queue.Count, maxItems));
            while (batch.Count < maxItems && _queue.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            return batch;
        }
    }
}
