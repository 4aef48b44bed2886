using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>A decision in the making: what it has decided so far is in its image.</summary>
internal sealed class AssociationDraft(RegistryImage image, RegistryRules rules, DateTimeOffset now)
{
    private readonly List<RegistryRecord> _bindings = [];
    private readonly List<RegistryRecord> _records = [];
    private readonly List<string> _warnings = [];

    public RegistryImage Image { get; private set; } = image;

    public RegistryRules Rules { get; } = rules;

    public DateTimeOffset Now { get; } = now;

    /// <summary>Who asks, where that is known.</summary>
    public string? Caller { get; init; }

    /// <summary>What was registered, by the part of the resource that it is for.</summary>
    public Dictionary<string, SubjectSchema> Registered { get; } = new(StringComparer.Ordinal);

    public void Write(RegistryRecord record)
    {
        Image = Image.Replay(record, Now);
        (record is BindRecord ? _bindings : _records).Add(record);
    }

    public void Warn(IEnumerable<string> warnings) => _warnings.AddRange(warnings);

    /// <summary>Takes over what another command decides.</summary>
    public Outcome<TReply> Take<TReply>(IRegistryCommand<TReply> command)
        where TReply : notnull
    {
        var decision = command.Decide(Image, Rules, Now);
        foreach (var record in decision.Records)
        {
            Write(record);
        }

        Warn(decision.Warnings);
        return decision.Reply;
    }

    /// <summary>Claims upon topics go first: on logs with several writers nothing must outrun them.</summary>
    public Decision<TReply> Conclude<TReply>(TReply reply, Trial trial)
        where TReply : notnull =>
        trial == Trial.DryRun ? new(reply) : new(reply, [.. _bindings, .. _records], _warnings);
}
