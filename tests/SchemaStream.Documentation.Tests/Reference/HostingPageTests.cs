using System.Collections;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SchemaStream.Documentation.Tests.Pages;
using SchemaStream.Hosting;
using SchemaStream.Hosting.Settings;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Reference;

/// <summary>The tables of docs/hosting.md are those of the code. With SCHEMASTREAM_APPROVE=1 the tests write them.</summary>
public sealed partial class HostingPageTests
{
    private const string Page = "hosting.md";
    private const string MeterName = "SchemaStream";

    [Fact]
    public void Settings_AreAllThereAre()
    {
        var table = new StringBuilder("| key | values | default | meaning |\n|---|---|---|---|\n");
        Add(table, "", new SchemaStreamSettings());
        Add(table, "Topics:<topic>:", new TopicSettings());
        Add(table, "Producers:<topic>:", new ProducerSettings());
        Add(table, "Consumers:<group>:", new ConsumerSettings { Failure = new FailureSettings(), DecodeFailure = new DecodeFailureSettings() });
        Add(table, "Transforms:<group>:", new TransformSettings());
        Add(table, "Tables:<topic>:", new TableSettings());

        DocsPage.ShouldHave(Page, "<!-- settings -->", table.ToString());
    }

    [Fact]
    public void SettingsOnThePage_AreTaken()
    {
        var block = MarkdownBlock.Of($"docs/{Page}").Single(block => block.Language == "json");
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(block.Text)));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["SchemaStream:Security:Password"] = "from elsewhere" });
        var section = builder.Configuration.GetSection("SchemaStream");
        builder.Services.AddSchemaStream(section)
            .AddTopic(HostingPage.Topics.Bills)
            .AddProducer(HostingPage.Topics.Bills)
            .AddConsumer<HostingPage.BillHandler>(HostingPage.Topics.Bills, "accounting")
            .AddTransform<HostingPage.Receipts>(HostingPage.Topics.Bills, HostingPage.Topics.Receipts, "receipts");
        using var host = builder.Build();

        var settings = host.Services.GetRequiredService<IOptions<SchemaStreamSettings>>().Value; // throws if anything is wrong

        (settings.Security.UseTls, settings.Security.Sasl).ShouldBe((true, SaslMechanism.ScramSha512));
        var table = File.ReadAllLines(Path.Combine(MarkdownBlock.Root, "docs", Page));
        foreach (var (key, _) in section.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null))
        {
            var general = NameOfAPart().Replace(key, match => match.Groups[1].Value + (match.Groups[1].Value is "Topics" or "Producers" ? ":<topic>" : ":<group>"));
            general = LastOfALine().Replace(general, match => match.Groups[1].Value + (match.Groups[1].Value == "Delays" ? ":0, :1 …" : ":<name>"));
            table.ShouldContain(line => line.StartsWith($"| `{general}` |", StringComparison.Ordinal), key);
        }
    }

    [Fact]
    public void Metrics_AreAllThereAre()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(instrument) };
        listener.Start();
        foreach (var type in typeof(SchemaStreamClient).Assembly.GetTypes().Where(HasInstruments))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        var table = new StringBuilder("| metric | kind | unit | meaning |\n|---|---|---|---|\n");
        foreach (var metric in instruments.Where(each => each.Meter.Name == MeterName).DistinctBy(each => each.Name).OrderBy(each => each.Name, StringComparer.Ordinal))
        {
            var kind = metric.GetType().Name.Split('`')[0].ToLowerInvariant();
            table.Append($"| `{metric.Name}` | {kind} | {metric.Unit} | {DocsPage.Cell(metric.Description ?? "")} |\n");
        }

        DocsPage.ShouldHave(Page, "<!-- metrics -->", table.ToString());
    }

    private static bool HasInstruments(Type type) => !type.ContainsGenericParameters
        && type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(field => typeof(Instrument).IsAssignableFrom(field.FieldType));

    /// <summary>What is a section of its own goes below its key; what no configuration can say is left out.</summary>
    private static void Add(StringBuilder table, string prefix, object settings)
    {
        foreach (var property in settings.GetType().GetProperties())
        {
            var value = property.GetValue(settings);
            if (typeof(Delegate).IsAssignableFrom(property.PropertyType))
            {
                continue;
            }

            if (value is not null && property.PropertyType.Namespace == typeof(SchemaStreamSettings).Namespace)
            {
                Add(table, $"{prefix}{property.Name}:", value);
                continue;
            }

            var suffix = value switch { IDictionary<string, string> => ":<name>", IList => ":0, :1 …", _ => "" };
            table.Append($"| `{prefix}{property.Name}{suffix}` | {Values(property.PropertyType)} | {Default(value)} | {DocsPage.Cell(XmlDocs.Summary(property))} |\n");
        }
    }

    [GeneratedRegex("^(Topics|Producers|Consumers|Transforms):[^:]+")]
    private static partial Regex NameOfAPart();

    [GeneratedRegex("(Settings|Delays):[^:]+$")]
    private static partial Regex LastOfALine();

    private static string Values(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(name => $"`{name}`"))
            : type == typeof(bool) ? "`true`, `false`"
            : type == typeof(short) || type == typeof(int) || type == typeof(long) ? "number"
            : type == typeof(TimeSpan) || typeof(IList<TimeSpan>).IsAssignableFrom(type) ? "`hh:mm:ss`"
            : "text";
    }

    private static string Default(object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => "",
        IDictionary<string, string> => "",
        bool yes => yes ? "`true`" : "`false`",
        TimeSpan span => $"`{span:c}`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };
}
