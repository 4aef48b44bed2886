namespace SchemaStream.Observation;

/// <summary>A handler with its span and its time, for whoever looks.</summary>
internal static class WatchedHandler
{
    /// <summary>Whether anyone looks.</summary>
    public static bool IsWanted => Tracing.HasListeners || ClientMetrics.TimesHandlers;

    /// <summary>Handles a record within a span of its own, the child of the one that sent it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="groupId">The group that handles it.</param>
    /// <param name="timeProvider">Times the handler.</param>
    /// <param name="state">What the handler needs besides.</param>
    /// <param name="handler">Handles it.</param>
    /// <param name="cancellationToken">The handler's.</param>
    public static async ValueTask RunAsync<TKey, TValue, TState>(
        ConsumedRecord<TKey, TValue> record,
        string groupId,
        TimeProvider timeProvider,
        TState state,
        Func<ConsumedRecord<TKey, TValue>, TState, CancellationToken, ValueTask> handler,
        CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        using var activity = Tracing.StartProcess(record.Position, groupId, record.IsTombstone, record.Headers);
        Exception? failure = null;
        try
        {
            await handler(record, state, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            Tracing.Fail(activity, e);
            throw;
        }
        finally
        {
            ClientMetrics.HandlerTook(record.Topic, groupId, timeProvider.GetElapsedTime(began), failure);
        }
    }
}
