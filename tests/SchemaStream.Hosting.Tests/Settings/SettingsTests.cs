using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SchemaStream.Hosting.Consuming;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Tests.Stack;

namespace SchemaStream.Hosting.Tests.Settings;

public sealed class SettingsTests
{
    private static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("orders");

    [Fact]
    public void AFullSection_BecomesTheClientsOptions()
    {
        using var provider = Services(new()
        {
            ["BootstrapServers"] = "a:9092,b:9093",
            ["RegistryUrl"] = "https://r1:8081, https://r2:8081/base",
            ["ClientId"] = "billing",
            ["UnknownSchema"] = "Reject",
            ["Security:UseTls"] = "true",
            ["Security:Sasl"] = "ScramSha512",
            ["Security:UserName"] = "ann",
            ["Security:Password"] = "secret",
            ["Registry:UserName"] = "bob",
            ["Registry:Password"] = "hidden",
            ["Transport"] = "librdkafka",
            ["TransportSettings:client.rack"] = "north",
        }).BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ToOptions();

        options.BootstrapServers.ShouldBe("a:9092,b:9093");
        options.RegistryUrl.ShouldBe(new Uri("https://r1:8081"));
        options.RegistryAlternatives.ShouldBe([new Uri("https://r2:8081/base")]);
        options.ClientId.ShouldBe("billing");
        options.UnknownSchema.ShouldBe(UnknownSchema.Reject);
        options.RegistryBasicCredentials.ShouldBe("bob:hidden");
        options.BrokerSecurity.ShouldNotBeNull().ToString().ShouldBe("TLS, SASL ScramSha512 as ann");
        options.Transport.ShouldBe(ClientTransport.Librdkafka);
        var transport = new Dictionary<string, string>();
        options.ConfigureTransport.ShouldNotBeNull()(transport);
        transport["client.rack"].ShouldBe("north");
    }

    [Theory]
    [InlineData("BootstrapServers", "", "BootstrapServers is missing")]
    [InlineData("BootstrapServers", "kafka", "BootstrapServers names 'kafka'; host:port was expected")]
    [InlineData("BootstrapServers", "kafka:0", "BootstrapServers names 'kafka:0'")]
    [InlineData("RegistryUrl", "", "RegistryUrl is missing")]
    [InlineData("RegistryUrl", "localhost:8081", "RegistryUrl names 'localhost:8081'; an http or https address")]
    [InlineData("Security:Sasl", "Plain", "Security:Sasl is Plain, which needs Security:UserName and Security:Password")]
    [InlineData("Security:UserName", "ann", "Security:UserName is set, but Security:Sasl is None, by which no one logs in; Plain, ScramSha256 or ScramSha512 was expected")]
    [InlineData("Security:Password", "secret", "Security:Password is set, but Security:Sasl is None")]
    [InlineData("Security:KeyFile", "no.pem", "Security:KeyFile is set, but not Security:CertificateFile; both were expected, or neither")]
    [InlineData("Security:AuthorityFile", "ca.pem", "Security:AuthorityFile is 'ca.pem', but Security:UseTls is false; true was expected, or no file")]
    [InlineData("Registry:Password", "secret", "Registry:Password is set, but not Registry:UserName; both were expected, or neither")]
    [InlineData("Registry:KeyFile", "no.pem", "Registry:KeyFile is set, but not Registry:CertificateFile")]
    [InlineData("Securty:UseTls", "true", "Securty is not a setting; Security was expected")]
    [InlineData("Consumer:billing:Parallelism", "2", "Consumer is not a setting; Consumers was expected")]
    [InlineData("Security:Tls", "true", "Security:Tls is not a setting; UseTls, AuthorityFile, ")]
    [InlineData("Consumers:billing:Paralelism", "2", "Consumers:billing:Paralelism is not a setting; Parallelism was expected")]
    [InlineData("Consumers:billing:Failure:Delay:0", "00:00:01", "Consumers:billing:Failure:Delay is not a setting; Delays was expected")]
    [InlineData("Consumers:billing:MaxPollInterval", "00:00:30", "Consumers:billing:SessionTimeout is 00:00:45; no longer a time than MaxPollInterval, which is 00:00:30, was expected")]
    [InlineData("Producers:orders:DeliveryTimeout", "00:00:00.004", "Producers:orders:Linger is 00:00:00.0050000; no longer a time than DeliveryTimeout, which is 00:00:00.0040000, was expected")]
    [InlineData("Topics:orders:Partitions", "3", "Topics:orders:Partitions is not a setting; PartitionCount")]
    [InlineData("Security:AuthorityFile", "no.pem", "Security:AuthorityFile is 'no.pem', where there is no file")]
    [InlineData("Registry:CertificateFile", "no.pem", "Registry:CertificateFile is 'no.pem', where there is no file")]
    [InlineData("StartTimeout", "-00:00:01", "StartTimeout is -00:00:01; a time from 00:00:00 to 1.00:00:00 was expected")]
    [InlineData("StartTimeout", "30", "StartTimeout is '30'; a time as hh:mm:ss was expected")]
    [InlineData("Transport", "kafka", "Transport is 'kafka'; Managed or Librdkafka was expected")]
    [InlineData("Transport:client.rack", "north", "Transport:client.rack is 'north'; Transport alone is a setting, of which Managed or Librdkafka was expected")]
    [InlineData("TransportSettings", "client.rack=north", "TransportSettings is 'client.rack=north'; settings below this key were expected")]
    [InlineData("UnknownSchema", "1", "UnknownSchema is '1'; Register or Reject was expected")]
    [InlineData("Security:UseTls", "yes", "Security:UseTls is 'yes'; true or false was expected")]
    [InlineData("Security:Sasl", "Gssapi", "Security:Sasl is 'Gssapi'; None, Plain, ScramSha256 or ScramSha512 was expected")]
    [InlineData("Producers:orders:Acks", "two", "Producers:orders:Acks is 'two'; All, Leader or None was expected")]
    [InlineData("Producers:orders:Linger", "-00:00:01", "Producers:orders:Linger is -00:00:01; a time from 00:00:00 to 00:15:00 was expected")]
    [InlineData("Producers:orders:QueueCapacity", "0", "Producers:orders:QueueCapacity is 0; one or more was expected")]
    [InlineData("Producers:orders:QueueCapacity", "many", "Producers:orders:QueueCapacity is 'many'; a whole number up to 2147483647 was expected")]
    [InlineData("Consumers:billing:Parallelism", "0", "Consumers:billing:Parallelism is 0; one or more was expected")]
    [InlineData("Consumers:billing:Order", "None", "Consumers:billing:Order is 'None'; Partition or Key was expected")]
    [InlineData("Consumers:billing:MaxPollInterval", "00:00:00", "Consumers:billing:MaxPollInterval is 00:00:00; a time from 00:00:01 to 1.00:00:00 was expected")]
    [InlineData("Consumers:billing:SessionTimeout", "00:00:00", "Consumers:billing:SessionTimeout is 00:00:00; a time from 00:00:01 to 01:00:00 was expected")]
    [InlineData("Consumers:billing:Failure", "Skip", "Consumers:billing:Failure is 'Skip'; settings below this key were expected")]
    [InlineData("Consumers:billing:Failure:Finally", "Stop", "Consumers:billing:Failure:Finally is 'Stop'; Throw, Skip or DeadLetter was expected")]
    [InlineData("Consumers:billing:Failure:Delays:1", "soon", "Consumers:billing:Failure:Delays:1 is 'soon'; a time as hh:mm:ss was expected")]
    [InlineData("Topics:orders:PartitionCount", "0", "Topics:orders:PartitionCount is 0; one or more was expected")]
    [InlineData("Topics:orders:ReplicationFactor", "99999", "Topics:orders:ReplicationFactor is '99999'; a whole number up to 32767 was expected")]
    [InlineData("Transforms:copying:MaxRecords", "0", "Transforms:copying:MaxRecords is 0; one or more was expected")]
    [InlineData("Transforms:copying:Timeout", "00:00:00", "Transforms:copying:Timeout is 00:00:00; a time from 00:00:01 to 1.00:00:00 was expected")]
    [InlineData("Transforms:copying:DecodeFailure", "DeadLetter", "Transforms:copying:DecodeFailure is 'DeadLetter'; Throw or Skip was expected")]
    [InlineData("Transforms:copying:Compression", "Rar", "Transforms:copying:Compression is 'Rar'; None, Gzip, Snappy, Lz4 or Zstd was expected")]
    [InlineData("Tables:orders:ChangeCapacity", "0", "Tables:orders:ChangeCapacity is 0; one or more was expected")]
    [InlineData("Tables:orders:DecodeFailure:Finally", "Skip", "Tables:orders:DecodeFailure:Finally is 'Skip'; Tables:orders:DecodeFailure alone is a setting, of which Throw or Skip was expected")]
    [InlineData("Consumers:billing:Failure:Delays:0", "-00:00:01", "Consumers:billing:Failure:Delays has -00:00:01; times from zero to 30 days were expected")]
    public async Task AWrongSetting_FailsTheHostsStart_AndIsNamed(string key, string value, string said)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(Section(new() { [key] = value }));
        builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
            .AddTopic(Orders)
            .AddProducer(Orders)
            .AddConsumer<Handler>(Orders, "billing")
            .AddTransform(Orders, Orders, "copying", order => new OutgoingRecord<string, OrderPlaced>(order.Key, order.Value))
            .AddTable(Orders);
        using var host = builder.Build();

        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        refusal.Message.ShouldContain(said);
    }

    [Fact]
    public void AllThatIsWrong_IsSaidAtOnce()
    {
        var services = Services(
            new()
            {
                ["BootstrapServers"] = "", ["RegistryUrl"] = "ftp://r", ["Transport"] = "pigeon", ["Producers:orders:Acks"] = "5",
                ["Consumers:billing:Parallelism"] = "0",
            },
            stream => stream.AddProducer(Orders).AddConsumer<Handler>(Orders, "billing").AddConsumer<Handler>(Orders, "billing"));
        using var provider = services.BuildServiceProvider();

        var refusal = Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value);

        refusal.Failures.Count().ShouldBe(5);
    }

    [Fact]
    public void WhatCodeSets_IsCheckedToo()
    {
        var services = new ServiceCollection();
        services.AddSchemaStream(settings =>
        {
            (settings.BootstrapServers, settings.RegistryUrl) = ("127.0.0.1:9092", "http://127.0.0.1:8081");
            settings.Transport = (ClientTransport)7;
        }).AddProducer(Orders, producer => producer.Linger = TimeSpan.FromDays(1));
        using var provider = services.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value).Failures.ShouldBe(
        [
            "SchemaStream: Transport is 7; Managed or Librdkafka was expected.",
            "SchemaStream: Producers:orders:Linger is 1.00:00:00; a time from 00:00:00 to 00:15:00 was expected.",
            "SchemaStream: Producers:orders:Linger is 1.00:00:00; no longer a time than DeliveryTimeout, which is 00:02:00, was expected.",
        ]);
    }

    [Fact]
    public void KeysOfTheProgramsOwn_MayStandBesideTheClients()
    {
        using var provider = Services(new() { ["Shop"] = "north", ["Consumers:of-another-program:Parallelism"] = "2" }).BuildServiceProvider();

        provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ClientId.ShouldBe("schemastream");
    }

    /// <summary>As a developer's own file says over that of the deployments.</summary>
    [Fact]
    public void SecurityThatIsTurnedOff_NeedsNoUseForWhatItHad()
    {
        using var provider = Services(new()
        {
            ["Security:UseTls"] = "false",
            ["Security:AuthorityFile"] = typeof(SettingsTests).Assembly.Location,
            ["Security:Sasl"] = "None",
            ["Security:UserName"] = "ann",
            ["Security:Password"] = "secret",
        }).BuildServiceProvider();

        provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ToOptions().BrokerSecurity.ShouldBeNull();
    }

    /// <summary>As templates of deployments do with what is not set.</summary>
    [Fact]
    public void WhatIsLeftEmpty_IsAsIfItWereNotThere()
    {
        using var provider = Services(new()
        {
            ["Transport"] = "", ["StartTimeout"] = null, ["Security:UseTls"] = "", ["Security:UserName"] = "", ["Registry:Password"] = "",
        }).BuildServiceProvider();

        var settings = provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value;

        (settings.Transport, settings.StartTimeout, settings.Security.UseTls).ShouldBe((ClientTransport.Managed, TimeSpan.FromSeconds(30), false));
    }

    /// <summary>As one file takes away what another one says, which configuration has no other way to do.</summary>
    [Fact]
    public void TextsThatAreLeftEmpty_TakeAwayWhatWasSaid()
    {
        using var provider = Services(new()
        {
            ["Security:UseTls"] = "true", ["Security:AuthorityFile"] = "", ["Security:KeyFile"] = "", ["Security:KeyPassword"] = "",
            ["Registry:UserName"] = "", ["Registry:Password"] = "", ["Registry:BearerToken"] = "token", ["Registry:CertificateFile"] = "",
        }).BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ToOptions();

        (options.RegistryBasicCredentials, options.RegistryBearerToken, options.RegistryTls).ShouldBe((null, "token", null));
        var security = options.BrokerSecurity.ShouldNotBeNull();
        (security.AuthorityFile, security.KeyFile, security.KeyPassword).ShouldBe((null, null, null));
    }

    /// <summary>Plain JSON has no other place for them.</summary>
    [Fact]
    public void Remarks_AreNoSettings()
    {
        var values = new Dictionary<string, string?>
        {
            ["$schema"] = "x", ["Security:_comment"] = "none here", ["Consumers:billing://"] = "slow", ["Consumers:billing:Failure:#"] = "x",
        };
        var services = Services(values, stream => stream.AddConsumer<Handler>(Orders, "billing"));
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ClientId.ShouldBe("schemastream");
    }

    /// <summary>Only what is said in one place can contradict itself: the transport's settings and code come after these.</summary>
    [Theory]
    [InlineData("Consumers:billing:TransportSettings:session.timeout.ms", "10000")]
    [InlineData("TransportSettings:group.protocol", "consumer")] // by which the brokers say how long a session is
    [InlineData("Producers:orders:TransportSettings:linger.ms", "0")]
    [InlineData(null, null)]
    public void TimesThatAreSaidElsewhere_AreNoContradiction(string? key, string? value)
    {
        var values = new Dictionary<string, string?>();
        if (key?.StartsWith("Producers", StringComparison.Ordinal) != true)
        {
            values["Consumers:billing:MaxPollInterval"] = "00:00:30";
        }

        if (key?.Contains("linger.ms", StringComparison.Ordinal) != false)
        {
            values["Producers:orders:DeliveryTimeout"] = "00:00:00.004";
        }

        if (key is not null)
        {
            values[key] = value;
        }

        var services = Services(values, stream =>
        {
            if (key is null)
            {
                stream.AddConsumer<Handler>(Orders, "billing", consumer => consumer.Configure = options => options with { SessionTimeout = TimeSpan.FromSeconds(10) });
                stream.AddProducer(Orders, producer => producer.Configure = options => options with { Linger = TimeSpan.Zero });
            }
            else
            {
                stream.AddConsumer<Handler>(Orders, "billing").AddProducer(Orders);
            }
        });
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ClientId.ShouldBe("schemastream");
    }

    [Fact]
    public void ConsumersAndProducers_HaveSectionsOfTheirOwn()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Parallelism"] = "8",
            ["Order"] = "Key",
            ["CommitMode"] = "AfterHandling",
            ["Failure:Delays:0"] = "00:00:01",
            ["Failure:Delays:1"] = "00:01:00",
            ["Failure:Finally"] = "DeadLetter",
        }).Build();
        var settings = new ConsumerSettings();
        configuration.Bind(settings);

        settings.ToOptions().CommitMode.ShouldBe(CommitMode.AfterHandling);
        var processing = settings.ToProcessing();
        (processing.Parallelism, processing.Order).ShouldBe((8, ProcessingOrder.Key));
        processing.Failure.Delays.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)]);
        processing.Failure.Finally.ShouldBe(FailureAction.DeadLetter);
    }

    private static Dictionary<string, string?> Section(Dictionary<string, string?> changes)
    {
        var section = new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = "127.0.0.1:9092", ["SchemaStream:RegistryUrl"] = "http://127.0.0.1:8081",
        };
        foreach (var (key, value) in changes)
        {
            section[$"SchemaStream:{key}"] = value;
        }

        return section;
    }

    private static ServiceCollection Services(Dictionary<string, string?> changes, Action<SchemaStreamBuilder>? add = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Section(changes)).Build();
        var services = new ServiceCollection();
        var stream = services.AddSchemaStream(configuration.GetSection("SchemaStream"));
        add?.Invoke(stream);
        return services;
    }

    private sealed class Handler : ITopicHandler<string, OrderPlaced>
    {
        public ValueTask HandleAsync(ConsumedRecord<string, OrderPlaced> record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
