using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Administration;
using SchemaStream.Consuming.Failures;
using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Consuming;

/// <summary>What retry and dead-letter topics are made of.</summary>
public sealed class FailureTopicsTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(10, "1468800000")]
    public async Task ATopic_KeepsItsRecordsForLongerThanTheyWait(int days, string? retention)
    {
        using var admin = new Creations();
        var options = new SchemaStreamOptions { BootstrapServers = "127.0.0.1:1", RegistryUrl = new Uri("http://127.0.0.1:1") };
        var topics = new FailureTopics(options, new NativeTransport(), admin, NullLogger.Instance);

        await topics.EnsureAsync("notes.readers.retry.1", TimeSpan.FromDays(days), CancellationToken.None);

        admin.Made.ShouldNotBeNull().Settings.GetValueOrDefault("retention.ms").ShouldBe(retention);
    }

    private sealed class Creations : ITopicAdmin
    {
        public TopicSpecification? Made { get; private set; }

        public Task CreateAsync(string name, TopicSpecification specification, CancellationToken cancellationToken)
        {
            Made = specification;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyDictionary<string, string>> SettingsAsync(string name, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

        public Task PingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
