using SchemaStream.Registry.Client;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Testing.Fakes;

/// <summary>
/// The registry's own rules without its log and its HTTP: ids, versions, compatibility and contracts are decided by the code
/// that decides them in production.
/// </summary>
internal sealed class InMemoryRegistry(TimeProvider timeProvider) : IRegistryClient
{
    private readonly RegistryRules _rules = new(
        new RegistrySettings(), new SchemaFormats(new AvroFormat(), new JsonFormat(), new ProtobufFormat()));

    private readonly Lock _gate = new();
    private RegistryImage _image = RegistryImage.Empty;

    public Uri Address { get; } = new("memory://registry");

    private RegistryImage Image => Volatile.Read(ref _image);

    public ValueTask<RegisteredSchema> RegisterAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default)
    {
        var registered = Decide(new RegisterSchema(Subject.Parse(subject), RequestOf(schema)));
        return ValueTask.FromResult(Read(registered));
    }

    public ValueTask<RegisteredSchema> GetSchemaAsync(int id, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(Demand(SchemaLookup.ById(Image, within: null, id)).Schema));

    public ValueTask<RegisteredSchema?> FindSchemaAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Found(
            SchemaLookup.ByContent(Image, _rules, Subject.Parse(subject), RequestOf(schema), Visibility.Live)));

    public ValueTask<RegisteredSchema?> GetVersionAsync(
        string subject, int version, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Found(
            SchemaLookup.ByVersion(Image, Subject.Parse(subject), VersionSelector.Of(version), Visibility.Live)));

    public ValueTask<RegisteredSchema?> GetLatestAsync(string subject, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Found(
            SchemaLookup.ByVersion(Image, Subject.Parse(subject), VersionSelector.Latest, Visibility.Live)));

    public ValueTask<IReadOnlyList<RegisteredSchema>> GetReferencesAsync(
        RegisteredSchema schema, CancellationToken cancellationToken = default)
    {
        var ordered = new List<RegisteredSchema>();
        Collect(schema, ordered, []);
        return ValueTask.FromResult<IReadOnlyList<RegisteredSchema>>(ordered);
    }

    public ValueTask<CompatibilityVerdict> CheckCompatibilityAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default)
    {
        var messages = Demand(CompatibilityQuery.AsRegistration(Image, _rules, Subject.Parse(subject), RequestOf(schema)));
        return ValueTask.FromResult(new CompatibilityVerdict(messages.Count == 0, messages));
    }

    public ValueTask<IReadOnlyList<string>> ListSubjectsAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<string>>(
            [.. Image.Subjects.Values.Where(subject => subject.HasLive).Select(subject => subject.Subject.ToString()).Order(StringComparer.Ordinal)]);

    public ValueTask<IReadOnlyList<int>> ListVersionsAsync(string subject, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<int>>([.. Image.Subject(Subject.Parse(subject)).Live.Select(entry => entry.Version)]);

    public ValueTask<CompatibilityLevel> GetCompatibilityAsync(string? subject, CancellationToken cancellationToken = default)
    {
        var config = subject is null ? Image.GlobalConfig : Image.ConfigInForce(Subject.Parse(subject), _rules.Settings);
        return ValueTask.FromResult(config?.CompatibilityLevel ?? _rules.Settings.DefaultCompatibility);
    }

    public ValueTask SetCompatibilityAsync(
        string? subject, CompatibilityLevel level, CancellationToken cancellationToken = default)
    {
        Decide(new UpdateConfig(
            subject is null ? null : Subject.Parse(subject),
            new SubjectConfigUpdate { CompatibilityLevel = new(IsPresent: true, level) }));
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> OffersContractsAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);

    public ValueTask<TopicContract?> GetContractAsync(string topic, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Image.Contracts.ByTopic.GetValueOrDefault(topic)?.ToContract());

    public ValueTask<TopicContract?> PutContractAsync(TopicContract contract, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<TopicContract?>(Decide(new BindContract(contract.Topic, contract.Key, contract.Value, "in-memory")));

    public ValueTask<TopicContract?> PutSuccessorAsync(
        string topic, TopicContract successor, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<TopicContract?>(
            Decide(new BindSuccessor(topic, successor.Topic, successor.Key, successor.Value, "in-memory")));

    public ValueTask<IReadOnlyList<TopicContract>> ListContractsAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<TopicContract>>(
            [.. Image.Contracts.ByTopic.Values.OrderBy(contract => contract.Topic, StringComparer.Ordinal).Select(contract => contract.ToContract())]);

    public void Dispose()
    {
        // Memory is all there is, and clients of the same fakes go on with it.
    }

    private TReply Decide<TReply>(IRegistryCommand<TReply> command)
        where TReply : notnull
    {
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            var decision = command.Decide(_image, _rules, now);
            var reply = Demand(decision.Reply);
            Volatile.Write(ref _image, decision.Records.Aggregate(_image, (image, record) => image.Replay(record, now)));
            return reply;
        }
    }

    private void Collect(RegisteredSchema referrer, List<RegisteredSchema> ordered, HashSet<(string, int)> visited)
    {
        foreach (var reference in referrer.References.Where(reference => visited.Add((reference.Subject, reference.Version))))
        {
            var referenced = Read(Demand(SchemaLookup.ByVersion(
                Image, Subject.Parse(reference.Subject), VersionSelector.Of(reference.Version), Visibility.Deleted)));
            Collect(referenced, ordered, visited);
            ordered.Add(referenced);
        }
    }

    private static SchemaRequest RequestOf(SchemaDefinition schema) => new()
    {
        SchemaType = SchemaFormatNames.NameOf(schema.Format), Text = schema.Text, References = schema.References ?? [],
    };

    private static RegisteredSchema? Found(Outcome<SubjectSchema> outcome)
    {
        if (outcome.TryGet(out var found, out var error))
        {
            return Read(found);
        }

        return error.Status == 404 ? null : throw Refusal(error);
    }

    private static T Demand<T>(Outcome<T> outcome)
        where T : notnull => outcome.TryGet(out var value, out var error) ? value : throw Refusal(error);

    private static RegistryException Refusal(RegistryError error) => new(error.Code, error.Status, error.Message);

    private static RegisteredSchema Read(SubjectSchema found) => Read(found.Schema) with
    {
        Subject = found.Subject.ToString(), Version = found.Version,
    };

    private static RegisteredSchema Read(StoredSchema schema) => new(schema.Id, schema.Format, schema.Text, schema.References);
}
