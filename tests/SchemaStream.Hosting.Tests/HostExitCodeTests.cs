using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SchemaStream.Hosting.Tests;

/// <summary>Whoever has started a program learns how it went.</summary>
public sealed class HostExitCodeTests
{
    [Fact]
    public async Task Host_ThatIsToldToStop_EndsWell()
    {
        var host = HostOf(provider => new Working(_ => Task.CompletedTask, provider));
        var running = host.RunToExitCodeAsync();

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await running).ShouldBe(0);
    }

    [Fact]
    public async Task Host_WhoseServiceFails_EndsWithOne()
    {
        var host = HostOf(provider => new Working(_ => throw new InvalidOperationException("it cannot go on"), provider));

        (await host.RunToExitCodeAsync()).ShouldBe(1);
    }

    /// <summary>As SIGTERM does while it waits for brokers.</summary>
    [Fact]
    public async Task Host_ThatIsToldToStopWhileItStarts_EndsWell()
    {
        var host = HostOf(provider => new Starting(
            async token =>
            {
                provider.GetRequiredService<IHostApplicationLifetime>().StopApplication();
                await new TaskCompletionSource().Task.WaitAsync(token); // until it is told
            }));

        (await host.RunToExitCodeAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Host_ThatIsCancelledWhileItStarts_EndsWell()
    {
        using var stop = new CancellationTokenSource();
        var host = HostOf(_ => new Starting(
            async token =>
            {
                await stop.CancelAsync();
                await new TaskCompletionSource().Task.WaitAsync(token); // until it is told
            }));

        (await host.RunToExitCodeAsync(stop.Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Host_ThatCannotStart_SaysWhy()
    {
        var host = HostOf(_ => new Starting(_ => throw new InvalidOperationException("no such topic")));

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => host.RunToExitCodeAsync());

        failure.Message.ShouldBe("no such topic");
    }

    private static IHost HostOf(Func<IServiceProvider, IHostedService> service)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(service);
        return builder.Build();
    }

    private sealed class Working(Func<CancellationToken, Task> work, IServiceProvider provider) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource();
            using var registration = provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
            await started.Task;
            await work(stoppingToken);
        }
    }

    private sealed class Starting(Func<CancellationToken, Task> start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
