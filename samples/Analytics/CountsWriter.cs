using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream;
using Shop.Contracts;

namespace Analytics;

/// <summary>Once a second, and at the end, tells the counts that have grown: to their topic, and to who looks.</summary>
internal sealed partial class CountsWriter(
    SchemaStreamClient client,
    ITopicProducer<string, VisitsPerMinute> counts,
    Windows windows,
    CountsDisplay display,
    TimeProvider timeProvider,
    ILogger<CountsWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What was told before this start: counting anew from the beginning passes through smaller numbers, and of a minute
        // that the topic of visits has half forgotten it never gets as far.
        await using var told = await client.CreateTableAsync(Topics.VisitsPerMinute, cancellationToken: stoppingToken);
        using var timer = new PeriodicTimer(Pause, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TellAsync(told);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TellAsync(told); // the counter has stopped before
        }
    }

    private async Task TellAsync(ITopicTable<string, VisitsPerMinute> told)
    {
        if (windows.TakeTooLate() is > 0 and var tooLate)
        {
            TooLate(tooLate);
        }

        var changes = windows.TakeChanges();
        if (changes.Count == 0)
        {
            return;
        }

        // All of them or an exception: what was taken is not lost by a stop in between.
        var grown = changes.Where(change => !told.TryGet(KeyOf(change), out var before) || change.Count > before.Count);
        await counts.SendManyAsync(grown.Select(change => new OutgoingRecord<string, VisitsPerMinute>(KeyOf(change), change)), CancellationToken.None)
            .WaitAsync(Limit, timeProvider, CancellationToken.None);
        display.Show(windows, changes);
    }

    private static string KeyOf(VisitsPerMinute count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count.Minute:yyyy-MM-ddTHH:mm}Z {count.Sku}");

    [LoggerMessage(1, LogLevel.Warning, "{Visits} visits came after their minute was let go, and are not counted")]
    private partial void TooLate(long visits);
}
