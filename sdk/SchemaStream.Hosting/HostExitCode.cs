using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SchemaStream.Hosting;

/// <summary>What a program tells whoever has started it.</summary>
public static class HostExitCode
{
    /// <summary>
    /// Runs a host as <c>RunAsync</c> does, and returns the program's exit code: <c>return await host.RunToExitCodeAsync();</c>
    /// </summary>
    /// <remarks>
    /// .NET's own <c>RunAsync</c> ends well when a background service has failed and so stopped the host, and throws when the host
    /// is told to stop before it has started, as it may be while it waits for brokers.
    /// </remarks>
    /// <param name="host">The host, which is disposed at the end.</param>
    /// <param name="cancellationToken">Stops the host, as Ctrl-C and SIGTERM do.</param>
    /// <returns>
    /// 0 when it has stopped as it was told to, even if that was during its start; 1 when a background service has failed. Consumers,
    /// transforms and tables are background services.
    /// </returns>
    /// <exception cref="Exception">Whatever the host's start fails with.</exception>
    public static async Task<int> RunToExitCodeAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            BackgroundService[] services = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            return services.Any(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            return 0; // told to stop before it had started
        }
        finally
        {
            if (host is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                host.Dispose();
            }
        }
    }
}
