using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream.Hosting.Health;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Starting;
using SchemaStream.Hosting.Tables;

namespace SchemaStream.Hosting.Transforming;

/// <summary>Runs one exactly-once loop for as long as the host runs.</summary>
/// <remarks>
/// It begins when the host's tables are caught up. Brokers and registry that cannot be reached are waited for, at any time: what
/// was not committed is done again. When the host stops, the record in hand is handled and its transaction committed. What the
/// handler throws ends the service, and the host does as its options say.
/// </remarks>
internal sealed partial class TransformService<TKey, TValue>(
    SchemaStreamClient client,
    Topic<TKey, TValue> topic,
    string groupId,
    string name,
    Func<ConsumedRecord<TKey, TValue>, ITransaction, CancellationToken, ValueTask> handle,
    TransformSettings settings,
    PartState state,
    IEnumerable<IHostedTable> tables,
    TimeProvider timeProvider,
    ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Two programs at once need two ids. One of its own for each run is right too, for a group's progress is fenced by its members'
    /// places (KIP-447); only, what a crash leaves open then ends by its timeout instead of with the next run.
    /// </summary>
    private readonly string _transactionalId =
        string.IsNullOrWhiteSpace(settings.TransactionalId) ? $"{groupId}-{Guid.NewGuid():N}" : settings.TransactionalId;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tables.WhenReadyAsync(stoppingToken).ConfigureAwait(false);
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: what was in hand is committed, the member has left.
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
        var options = Watched(settings.ToOptions());
        for (var backoff = new Backoff(LongestPause); ;)
        {
            try
            {
                await client.TransformAsync(topic, groupId, _transactionalId, handle, options, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (Transient.Is(failure))
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

    /// <summary>The member's settings are asked for when the topic's contract is checked and the member is about to join.</summary>
    private TransformOptions Watched(TransformOptions options)
    {
        var configure = options.Reading.ConfigureTransport;
        return options with
        {
            Reading = options.Reading with
            {
                ConfigureTransport = transport =>
                {
                    configure?.Invoke(transport);
                    state.Run();
                    Joined(topic.Name, groupId, name, _transactionalId);
                },
            },
        };
    }

    [LoggerMessage(3021, LogLevel.Information, "Topic {Topic}: {Handler} transforms records as group {Group}, in transactions of {TransactionalId}")]
    private partial void Joined(string topic, string group, string handler, string transactionalId);

    [LoggerMessage(3022, LogLevel.Warning, "Topic {Topic}: the transform of group {Group} begins again: {Why}")]
    private partial void Again(string topic, string group, string why);

    [LoggerMessage(3023, LogLevel.Critical, "Topic {Topic}: the transform of group {Group} has ended")]
    private partial void Failed(string topic, string group, Exception failure);
}
