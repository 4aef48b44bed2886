using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace SchemaStream.Registry.Tests.Topics;

/// <summary>Topics that nobody asks about are found all the same.</summary>
public sealed class PeriodicLookTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("registry-test-");

    [Fact]
    public async Task WhatTopicsState_IsListed_AfterTheNextLook()
    {
        var topics = new KnownTopics();
        var time = new LookingTime();
        var options = new RegistryOptions { DataDirectory = _directory.FullName, Port = 0, Topics = topics };
        await using var host = await RegistryHost.StartAsync(options, NullLoggerFactory.Instance, time);
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        topics.Add("orders", "uuid", "avro:com.acme.OrderPlaced");
        topics.Add("refused", valueType: "avro:");
        var isListed = false;

        for (var start = Stopwatch.GetTimestamp(); !isListed && Stopwatch.GetElapsedTime(start) < Patience;)
        {
            time.Look();
            isListed = (await http.GetStringAsync(new Uri("/contracts/topics", UriKind.Relative))).Contains("\"orders\"", StringComparison.Ordinal);
        }

        isListed.ShouldBeTrue();
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>The system's time, but for the periodic look: that comes when the test says so.</summary>
    private sealed class LookingTime : TimeProvider
    {
        private volatile Action? _look;

        public void Look() => _look?.Invoke();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (period != TimeSpan.FromSeconds(15))
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            _look = () => callback(state);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
