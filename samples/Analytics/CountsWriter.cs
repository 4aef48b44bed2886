using System.Globalization;
using Microsoft.Extensions.Hosting;
using SchemaStream;
using Shop.Contracts;

namespace Analytics;

/// <summary>Once a second, and at the end, tells the counts that have grown: to their topic, and to who looks.</summary>
internal sealed class CountsWriter(
    ITopicProducer<string, VisitsPerMinute> counts, Windows windows, CountsDisplay display, TimeProvider timeProvider) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TellAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TellAsync(stoppingToken);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var changes = windows.TakeChanges();
        if (changes.Count == 0)
        {
            return;
        }

        // All of them or an exception: what was taken is not lost by a stop in between.
        await counts.SendManyAsync(changes.Select(KeyedOf), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), timeProvider, CancellationToken.None);
        display.Show(windows, changes);
    }

    private static OutgoingRecord<string, VisitsPerMinute> KeyedOf(VisitsPerMinute count) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{count.Minute:yyyy-MM-ddTHH:mm}Z {count.Sku}"), count);
}
