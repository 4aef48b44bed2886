using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Tests;

/// <summary>A registry without log and HTTP: decides, replays, and keeps what it wrote.</summary>
/// <remarks>Every record goes through its bytes, so what a restart would see is what every test sees.</remarks>
internal sealed class TestMachine(RegistrySettings? settings = null)
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public RegistryRules Rules { get; } = new(settings ?? new(), new SchemaFormats(new AvroFormat(), new JsonFormat(), new ProtobufFormat()));

    public RegistryImage Image { get; private set; } = RegistryImage.Empty;

    public List<LogRecord> Log { get; } = [];

    public DateTimeOffset Now { get; set; } = Noon;

    public Outcome<TReply> Submit<TReply>(IRegistryCommand<TReply> command)
        where TReply : notnull => Decide(command).Reply;

    public Decision<TReply> Decide<TReply>(IRegistryCommand<TReply> command)
        where TReply : notnull
    {
        var decision = command.Decide(Image, Rules, Now);
        foreach (var record in decision.Records)
        {
            var written = RecordWriter.Write(record, Now);
            Log.Add(written);
            Image = Image.Replay(RecordReader.Read(written)!, Now);
        }

        return decision;
    }

    /// <summary>Registers or fails the test.</summary>
    public SubjectSchema Register(string subject, string text, params SchemaReference[] references) =>
        Submit(new RegisterSchema(Subject.Parse(subject), new SchemaRequest { Text = text, References = references })).ShouldBeOk();

    /// <summary>Registers something that must be refused; gives the refusal.</summary>
    public RegistryError Refused(string subject, string text, params SchemaReference[] references) =>
        Submit(new RegisterSchema(Subject.Parse(subject), new SchemaRequest { Text = text, References = references }))
            .ShouldBeRefused();

    public void SetLevel(CompatibilityLevel level, string? subject = null) => Submit(new UpdateConfig(
        subject is null ? null : Subject.Parse(subject),
        new SubjectConfigUpdate { CompatibilityLevel = new(true, level) })).ShouldBeOk();

    public TopicContract Bind(string topic, SlotContract? key, SlotContract? value) =>
        Submit(new BindContract(topic, key, value, "the test")).ShouldBeOk();

    public IReadOnlyList<int> Versions(string subject, Visibility visibility = Visibility.Live) =>
        Listing.Versions(Image, Subject.Parse(subject), visibility).TryGet(out var versions, out _)
            ? [.. versions.Select(entry => entry.Version)]
            : [];

    /// <summary>The image that a restart would make of the log.</summary>
    public RegistryImage Restarted() => Log.Aggregate(
        RegistryImage.Empty, (image, record) => image.Replay(RecordReader.Read(record)!, record.Timestamp));
}

internal static class OutcomeAssertions
{
    public static T ShouldBeOk<T>(this Outcome<T> outcome)
        where T : notnull
    {
        outcome.TryGet(out var value, out var error).ShouldBeTrue(error?.ToString());
        return value!;
    }

    public static RegistryError ShouldBeRefused<T>(this Outcome<T> outcome)
        where T : notnull
    {
        outcome.Error.ShouldNotBeNull();
        return outcome.Error;
    }
}
