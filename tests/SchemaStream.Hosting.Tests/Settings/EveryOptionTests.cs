using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SchemaStream.Hosting.Settings;
using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Tests.Settings;

/// <summary>
/// Every option of the SDK has its setting: with all settings set, each option is another than by default. What is code, such as
/// callbacks, is named here, so that a new option is either bound or named.
/// </summary>
public sealed class EveryOptionTests
{
    [Fact]
    public void OptionsOfTheClient_AllHaveTheirSettings()
    {
        var section = All(typeof(SchemaStreamSettings), "SchemaStream:");
        section["SchemaStream:BootstrapServers"] = "a:1";
        section["SchemaStream:RegistryUrl"] = "https://r1, https://r2";
        section["SchemaStream:Registry:BearerToken"] = null;
        foreach (var file in section.Keys.Where(key => key.EndsWith("File", StringComparison.Ordinal)).ToList())
        {
            section[file] = typeof(EveryOptionTests).Assembly.Location; // any file that is there
        }

        var options = Client(section);

        Unsaid(options, new SchemaStreamOptions { BootstrapServers = "", RegistryUrl = new Uri("http://none") })
            .ShouldBe(["Formats", "RegistryBearerToken", "RegistryBearerTokenProvider"], ignoreOrder: true);
        Unsaid(options.BrokerSecurity!, new BrokerSecurityOptions()).ShouldBeEmpty();
        Unsaid(options.RegistryTls!, new RegistryTlsOptions()).ShouldBeEmpty();

        section.Remove("SchemaStream:Registry:UserName");
        section.Remove("SchemaStream:Registry:Password");
        section["SchemaStream:Registry:BearerToken"] = "token";
        Client(section).RegistryBearerToken.ShouldBe("token");
    }

    [Fact]
    public void OptionsOfAProducer_AllHaveTheirSettings()
    {
        var options = ProducerSettings.Of(Configured(All(typeof(ProducerSettings), "Producers:orders:")), "orders", configure: null).Value.ToOptions();

        Unsaid(options, new ProducerOptions()).ShouldBe(["DeliveryFailed"]);
        Named(options.ConfigureTransport).ShouldBe(["some.name = x"]);
    }

    [Fact]
    public void OptionsOfAConsumer_AllHaveTheirSettings()
    {
        var settings = ConsumerSettings.Of(Configured(All(typeof(ConsumerSettings), "Consumers:billing:")), "billing", configure: null).Value;

        Unsaid(settings.ToOptions(), new ConsumerOptions())
            .ShouldBe(["PartitionsAssigned", "PartitionsRevoked", "PartitionsLost", "TimeProvider"], ignoreOrder: true);
        Unsaid(settings.ToProcessing(), new ProcessingOptions()).ShouldBeEmpty();
        Unsaid(settings.ToOptions().DecodeFailure, FailurePolicy.Throw).ShouldBe(["Delays", "Place", "RetryWhen"], ignoreOrder: true); // as it does not retry
        Unsaid(settings.ToProcessing().Failure, FailurePolicy.Throw).ShouldBe(["RetryWhen"]);
        Named(settings.ToOptions().ConfigureTransport).ShouldBe(["some.name = x"]);
    }

    /// <summary>What is said of records that cannot be handled holds for those that cannot be read, unless they have a word of their own.</summary>
    [Theory]
    [InlineData(null, null, FailureAction.DeadLetter, null)]
    [InlineData("DecodeFailure:DeadLetterTopic", "unreadable", FailureAction.DeadLetter, "unreadable")]
    [InlineData("DecodeFailure:Finally", "Skip", FailureAction.Skip, null)]
    public void UnreadableRecords_EndAsThoseThatCannotBeHandled_UnlessOtherwiseSaid(string? key, string? value, FailureAction end, string? topic)
    {
        var section = new Dictionary<string, string?> { ["Consumers:billing:Failure:Finally"] = "DeadLetter" };
        if (key is not null)
        {
            section[$"Consumers:billing:{key}"] = value;
        }

        var policy = ConsumerSettings.Of(Configured(section), "billing", configure: null).Value.ToOptions().DecodeFailure;

        (policy.Finally, policy.DeadLetterTopic).ShouldBe((end, topic));
    }

    [Fact]
    public void OptionsOfATransform_AllHaveTheirSettings()
    {
        var options = TransformSettings.Of(Configured(All(typeof(TransformSettings), "Transforms:billing:")), "billing", configure: null).Value.ToOptions();

        Unsaid(options, new TransformOptions()).ShouldBeEmpty();
        Unsaid(options.Transactions, new TransactionOptions()).ShouldBeEmpty();
        Unsaid(options.Reading, new ConsumerOptions()).ShouldBe(
            ["CommitMode", "AutoCommitInterval", "PartitionsAssigned", "PartitionsRevoked", "PartitionsLost", "TimeProvider"],
            ignoreOrder: true); // the transaction commits
        Named(options.Transactions.ConfigureTransport).ShouldBe(["some.name = x"]);
        Named(options.Reading.ConfigureTransport).ShouldBe(["some.name = x"]);
    }

    [Fact]
    public void OptionsOfATable_AllHaveTheirSettings()
    {
        var options = TableSettings.Of(Configured(All(typeof(TableSettings), "Tables:orders:")), "orders", configure: null).Value.ToOptions();

        Unsaid(options, new TableOptions()).ShouldBeEmpty();
        Named(options.ConfigureTransport).ShouldBe(["some.name = x"]);
    }

    [Fact]
    public void SpecificationsOfATopic_AllHaveTheirSettings_WhichComeBeforeThoseOfCode()
    {
        var settings = TopicSettings.Of(Configured(All(typeof(TopicSettings), "Topics:orders:")), "orders").Value;
        var code = new TopicSpecification { PartitionCount = 1, Settings = new Dictionary<string, string> { ["some.name"] = "y", ["other"] = "z" } };

        Unsaid(settings.ToSpecification(code: null)!, new TopicSpecification()).ShouldBeEmpty();
        var both = settings.ToSpecification(code)!;
        (both.PartitionCount, both.ReplicationFactor).ShouldBe((7, (short)7));
        both.Settings.ShouldBe(new Dictionary<string, string> { ["some.name"] = "x", ["other"] = "z" }, ignoreOrder: true);
        TopicSettings.Of(Configured([]), "orders").Value.ToSpecification(code).ShouldBeSameAs(code);
        TopicSettings.Of(Configured([]), "orders").Value.ToSpecification(code: null).ShouldBeNull();
    }

    /// <summary>The options that are as they are by default.</summary>
    private static IEnumerable<string> Unsaid<TOptions>(TOptions said, TOptions standard) => typeof(TOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(option => Equals(option.GetValue(said), option.GetValue(standard)))
        .Select(option => option.Name);

    /// <summary>Configuration with every setting of a class and its sections, none as it is by default.</summary>
    private static Dictionary<string, string?> All(Type settings, string prefix)
    {
        var all = new Dictionary<string, string?>();
        foreach (var property in settings.GetProperties().Where(property => !typeof(Delegate).IsAssignableFrom(property.PropertyType)))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var key = prefix + property.Name;
            if (type.Namespace == settings.Namespace && !type.IsEnum)
            {
                foreach (var (name, value) in All(type, key + ":"))
                {
                    all[name] = value;
                }

                continue;
            }

            var (suffix, text) = type switch
            {
                { IsEnum: true } => ("", Enum.GetNames(type)[^1]),
                _ when type == typeof(bool) => ("", property.Name == "VerifyHostName" ? "false" : "true"),
                _ when type == typeof(TimeSpan) => ("", "00:00:07"),
                _ when type == typeof(string) => ("", "x"),
                _ when typeof(IDictionary<string, string>).IsAssignableFrom(type) => (":some.name", "x"),
                _ when typeof(IEnumerable).IsAssignableFrom(type) => (":0", "00:00:07"),
                _ => ("", "7"),
            };
            all[key + suffix] = text;
        }

        return all;
    }

    private static IConfiguration Configured(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    private static SchemaStreamOptions Client(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddSchemaStream(Configured(values).GetSection("SchemaStream"));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ToOptions();
    }

    private static IEnumerable<string> Named(Action<IDictionary<string, string>>? configure)
    {
        var settings = new Dictionary<string, string>();
        configure.ShouldNotBeNull()(settings);
        return settings.Select(setting => $"{setting.Key} = {setting.Value}");
    }
}
