using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Syncs logs beside their lanes, a few at a time: a disk gains nothing from more, and the pool would run dry.</summary>
internal sealed class LogFlusher : IAsyncDisposable
{
    private const int FlushesAtATime = 8;

    private readonly SemaphoreSlim _slots = new(FlushesAtATime);

    /// <summary>Executes a plan; returns why it failed, or null. The plan is done with either way.</summary>
    public async Task<LogStorageException?> ExecuteAsync(FlushPlan plan)
    {
        await _slots.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Execute(plan)).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Ends once what is under way is done; when no more comes.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var slot = 0; slot < FlushesAtATime; slot++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        _slots.Dispose();
    }

    private static LogStorageException? Execute(FlushPlan plan)
    {
        try
        {
            plan.Execute();
            return null;
        }
        catch (LogStorageException failure)
        {
            plan.Dispose();
            return failure;
        }
    }
}
