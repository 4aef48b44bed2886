namespace SchemaStream.Hosting.Settings;

/// <summary>
/// What configuration may say of one consumer, under <c>Consumers:&lt;group&gt;</c>; what it does not say is as in
/// <see cref="ConsumerOptions"/> and <see cref="ProcessingOptions"/>, but for <see cref="CommitMode"/>.
/// </summary>
public sealed class ConsumerSettings
{
    /// <summary>How many handlers run at once.</summary>
    public int? Parallelism { get; set; }

    /// <summary>What stays in order.</summary>
    public ProcessingOrder? Order { get; set; }

    /// <summary>When handled records are committed.</summary>
    public CommitMode? CommitMode { get; set; }

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

    /// <summary>What no configuration can say about reading.</summary>
    public Func<ConsumerOptions, ConsumerOptions>? Configure { get; set; }

    /// <summary>What no configuration can say about handling.</summary>
    public Func<ProcessingOptions, ProcessingOptions>? ConfigureProcessing { get; set; }

    internal ConsumerOptions ToOptions()
    {
        var options = new ConsumerOptions();
        options = options with
        {
            CommitMode = CommitMode ?? options.CommitMode,
            AutoOffsetReset = AutoOffsetReset ?? options.AutoOffsetReset,
            AssignmentStrategy = AssignmentStrategy ?? options.AssignmentStrategy,
            MaxPollInterval = MaxPollInterval ?? options.MaxPollInterval,
            SessionTimeout = SessionTimeout ?? options.SessionTimeout,
            DecodeFailure = Failure?.ToPolicy() ?? options.DecodeFailure,
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
            Failure = Failure?.ToPolicy() ?? options.Failure,
        };
        return ConfigureProcessing?.Invoke(options) ?? options;
    }
}
