using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream.Hosting.Health;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Starting;
using SchemaStream.Hosting.Tables;

namespace SchemaStream.Hosting.Consuming;

/// <summary>Runs one consumer for as long as the host runs, a handler of a scope of its own per record.</summary>
/// <remarks>
/// It begins when the host's tables are caught up, for handlers may look things up in them. Brokers and registry that cannot be
/// reached are waited for, at any time: what was not committed is handled again. When the host stops: no record is begun any more,
/// running handlers finish, what they handled is committed, the member leaves its group. A handler's failure that its policy does
/// not deal with ends the service, and the host does as its options say.
/// </remarks>
internal sealed partial class ConsumerService<TKey, TValue>(
    SchemaStreamClient client,
    Topic<TKey, TValue> topic,
    string groupId,
    Type handler,
    ConsumerSettings settings,
    PartState state,
    IEnumerable<IHostedTable> tables,
    IServiceScopeFactory scopes,
    TimeProvider timeProvider,
    ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What a handler threw last: its policy's matter, even where it would pass by itself.</summary>
    private volatile Exception? _thrown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tables.WhenReadyAsync(stoppingToken).ConfigureAwait(false);
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: running handlers have finished and are committed, the member has left.
        }
        catch (Exception failure)
        {
            state.Fail(failure);
            Failed(topic.Name, groupId, failure);
            throw;
        }

        state.Stop();
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        for (var backoff = new Backoff(LongestPause); ;)
        {
            try
            {
                var consumer = await client.CreateConsumerAsync(topic, groupId, settings.ToOptions(), stoppingToken).ConfigureAwait(false);
                await using var leaving = consumer.ConfigureAwait(false);
                state.Run();
                Joined(topic.Name, groupId, handler.Name);
                await consumer.ProcessAsync(HandleAsync, settings.ToProcessing(), stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (Transient.Is(failure) && !ReferenceEquals(failure, _thrown))
            {
                if (state.IsRunning)
                {
                    backoff.Reset();
                }

                state.Fail(failure);
                Again(topic.Name, groupId, failure.Message);
            }

            await Task.Delay(backoff.Next(), timeProvider, stoppingToken).ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        try
        {
            var handling = (ITopicHandler<TKey, TValue>)scope.ServiceProvider.GetRequiredService(handler);
            await handling.HandleAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _thrown = failure;
            throw;
        }
    }

    [LoggerMessage(3011, LogLevel.Information, "Topic {Topic}: {Handler} handles records as group {Group}")]
    private partial void Joined(string topic, string group, string handler);

    [LoggerMessage(3012, LogLevel.Warning, "Topic {Topic}: group {Group} is joined again: {Why}")]
    private partial void Again(string topic, string group, string why);

    [LoggerMessage(3013, LogLevel.Critical, "Topic {Topic}: group {Group} is not handled any more")]
    private partial void Failed(string topic, string group, Exception failure);
}
