using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SchemaStream.Hosting.Settings;

namespace SchemaStream.Hosting.Starting;

/// <summary>
/// Before the host's services start: topics are there, producers are made, and so every contract is checked. What cannot be
/// reached yet is waited for; what is wrong fails the host's start.
/// </summary>
internal sealed partial class StartService(
    IEnumerable<IStartStep> steps, IOptions<SchemaStreamSettings> settings, TimeProvider timeProvider, ILogger<StartService> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        foreach (var step in steps)
        {
            await StartAsync(step, began, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StartAsync(IStartStep step, long began, CancellationToken cancellationToken)
    {
        for (var backoff = new Backoff(LongestPause); ;)
        {
            var pause = backoff.Next();
            try
            {
                await step.StartAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (Transient.Is(failure) && timeProvider.GetElapsedTime(began) + pause < settings.Value.StartTimeout)
            {
                NotYet(step.Name, failure.Message);
            }

            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "The start waits for {Step}: {Why}")]
    private partial void NotYet(string step, string why);
}
