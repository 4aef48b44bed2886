using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SchemaStream.Hosting.Settings;

namespace SchemaStream.Hosting.Tests.Settings;

public sealed class SettingsTests
{
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
            ["Transport:client.rack"] = "north",
        }).BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ToOptions();

        options.BootstrapServers.ShouldBe("a:9092,b:9093");
        options.RegistryUrl.ShouldBe(new Uri("https://r1:8081"));
        options.RegistryAlternatives.ShouldBe([new Uri("https://r2:8081/base")]);
        options.ClientId.ShouldBe("billing");
        options.UnknownSchema.ShouldBe(UnknownSchema.Reject);
        options.RegistryBasicCredentials.ShouldBe("bob:hidden");
        options.BrokerSecurity.ShouldNotBeNull().ToString().ShouldBe("TLS, SASL ScramSha512 as ann");
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
    [InlineData("Security:AuthorityFile", "no.pem", "Security:AuthorityFile is 'no.pem', where there is no file")]
    [InlineData("Registry:CertificateFile", "no.pem", "Registry:CertificateFile is 'no.pem', where there is no file")]
    [InlineData("StartTimeout", "-00:00:01", "StartTimeout is -00:00:01")]
    public async Task AWrongSetting_FailsTheHostsStart_AndIsNamed(string key, string value, string said)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(Section(new() { [key] = value }));
        builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"));
        using var host = builder.Build();

        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        refusal.Message.ShouldContain(said);
    }

    [Fact]
    public void AllThatIsWrong_IsSaidAtOnce()
    {
        using var provider = Services(new() { ["BootstrapServers"] = "", ["RegistryUrl"] = "ftp://r" }).BuildServiceProvider();

        var refusal = Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value);

        refusal.Failures.Count().ShouldBe(2);
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

    private static ServiceCollection Services(Dictionary<string, string?> changes)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Section(changes)).Build();
        var services = new ServiceCollection();
        services.AddSchemaStream(configuration.GetSection("SchemaStream"));
        return services;
    }
}
