using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// What configuration may say of one consumer, under <c>Consumers:&lt;group&gt;</c>; what it does not say is as in
/// <see cref="ConsumerOptions"/> and <see cref="ProcessingOptions"/>.
/// </summary>
public sealed class ConsumerSettings
{
    /// <summary>How many handlers run at once.</summary>
    public int? Parallelism { get; set; }

    /// <summary>What stays in order.</summary>
    public ProcessingOrder? Order { get; set; }

    /// <summary>How many records of a partition may be waiting or running before the consumer stops fetching it.</summary>
    public int? QueueCapacity { get; set; }

    /// <summary>How long running handlers may take to finish when their partition moves or the host stops.</summary>
    public TimeSpan? DrainTimeout { get; set; }

    /// <summary>When handled records are committed.</summary>
    public CommitMode? CommitMode { get; set; }

    /// <summary>How often <c>Auto</c> commits.</summary>
    public TimeSpan? AutoCommitInterval { get; set; }

    /// <summary>Where a group begins that has committed nothing yet.</summary>
    public AutoOffsetReset? AutoOffsetReset { get; set; }

    /// <summary>How the members of the group share the partitions.</summary>
    public AssignmentStrategy? AssignmentStrategy { get; set; }

    /// <summary>How long a handler may take before its member is taken for stuck.</summary>
    public TimeSpan? MaxPollInterval { get; set; }

    /// <summary>After how long without a sign of life the group gives this member's partitions to others.</summary>
    public TimeSpan? SessionTimeout { get; set; }

    /// <summary>What to do with a record that cannot be handled.</summary>
    public FailureSettings? Failure { get; set; }

    /// <summary>What to do with a record that cannot be read; null for the same as <see cref="Failure"/>.</summary>
    public DecodeFailureSettings? DecodeFailure { get; set; }

    /// <summary>Further settings of this consumer's transport, after those of the client.</summary>
    public IDictionary<string, string> TransportSettings { get; set; } = new Dictionary<string, string>();

    /// <summary>What no configuration can say about reading.</summary>
    public Func<ConsumerOptions, ConsumerOptions>? Configure { get; set; }

    /// <summary>What no configuration can say about handling.</summary>
    public Func<ProcessingOptions, ProcessingOptions>? ConfigureProcessing { get; set; }

    internal static PartSettings<ConsumerSettings> Of(IConfiguration? section, string groupId, Action<ConsumerSettings>? configure) => new(
        section, "Consumers", groupId, (text, into) => text
            .Check<ConsumerSettings>().Know<ConsumerSettings>()
            .Check<FailureSettings>(nameof(Failure)).Know<FailureSettings>(nameof(Failure))
            .Check<DecodeFailureSettings>(nameof(DecodeFailure)).Know<DecodeFailureSettings>(nameof(DecodeFailure))
            .Usable().Bind(into), configure, Check);

    internal ConsumerOptions ToOptions()
    {
        var options = new ConsumerOptions();
        options = options with
        {
            CommitMode = CommitMode ?? options.CommitMode,
            AutoCommitInterval = AutoCommitInterval ?? options.AutoCommitInterval,
            AutoOffsetReset = AutoOffsetReset ?? options.AutoOffsetReset,
            AssignmentStrategy = AssignmentStrategy ?? options.AssignmentStrategy,
            MaxPollInterval = MaxPollInterval ?? options.MaxPollInterval,
            SessionTimeout = SessionTimeout ?? options.SessionTimeout,
            DecodeFailure = DecodeFailure?.ToPolicy(Failure) ?? Failure?.ToPolicy() ?? options.DecodeFailure,
            ConfigureTransport = NamedSettings.Adding(TransportSettings),
        };
        return Configure?.Invoke(options) ?? options;
    }

    internal ProcessingOptions ToProcessing()
    {
        var options = new ProcessingOptions();
        options = options with
        {
            Parallelism = Parallelism ?? options.Parallelism,
            Order = Order ?? options.Order,
            QueueCapacity = QueueCapacity ?? options.QueueCapacity,
            DrainTimeout = DrainTimeout ?? options.DrainTimeout,
            Failure = Failure?.ToPolicy() ?? options.Failure,
        };
        return ConfigureProcessing?.Invoke(options) ?? options;
    }

    private static void Check(SettingsRules rules, ConsumerSettings settings)
    {
        rules.OneOrMore(nameof(Parallelism), settings.Parallelism);
        rules.OneOf(nameof(Order), settings.Order);
        rules.OneOrMore(nameof(QueueCapacity), settings.QueueCapacity);
        rules.Within(nameof(DrainTimeout), settings.DrainTimeout, TimeSpan.Zero, TimeSpan.FromDays(1));
        rules.OneOf(nameof(CommitMode), settings.CommitMode);
        rules.Within(nameof(AutoCommitInterval), settings.AutoCommitInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        rules.OneOf(nameof(AutoOffsetReset), settings.AutoOffsetReset);
        rules.OneOf(nameof(AssignmentStrategy), settings.AssignmentStrategy);
        rules.Membership(settings.MaxPollInterval, settings.SessionTimeout, settings.TransportSettings, isChanged: settings.Configure is not null);
        rules.Failure(nameof(Failure), settings.Failure);
        rules.OneOf($"{nameof(DecodeFailure)}:{nameof(DecodeFailureSettings.Finally)}", settings.DecodeFailure?.Finally);
    }
}
