namespace SchemaStream;

/// <summary>A topic and what it carries: the one place where a team says so.</summary>
/// <remarks>
/// A value: share it as a <c>static readonly</c> field, hand it to producers and consumers. Both check it against the
/// topic's contract before the first record.
/// </remarks>
/// <typeparam name="TKey">The C# type of the keys; <see cref="Nothing"/> for none.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
public sealed record Topic<TKey, TValue> : ITopic
{
    /// <summary>Makes a topic; <see cref="Topic.Define{TKey, TValue}"/> and its siblings read better.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="keyFormat">How keys are written.</param>
    /// <param name="valueFormat">How values are written.</param>
    /// <exception cref="ArgumentException">The name is illegal, or a format cannot carry its C# type.</exception>
    public Topic(string name, SchemaFormat keyFormat, SchemaFormat valueFormat)
    {
        Topic.DemandName(name);
        Topic.DemandFit(typeof(TKey), keyFormat, RecordSlot.Key);
        Topic.DemandFit(typeof(TValue), valueFormat, RecordSlot.Value);
        Name = name;
        KeyFormat = keyFormat;
        ValueFormat = valueFormat;
    }

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    /// <summary>How keys are written.</summary>
    public SchemaFormat KeyFormat { get; }

    /// <summary>How values are written.</summary>
    public SchemaFormat ValueFormat { get; }

    /// <summary>The registry's subject of the keys, by Confluent's TopicName strategy.</summary>
    public string KeySubject => Name + "-key";

    /// <summary>The registry's subject of the values, by Confluent's TopicName strategy.</summary>
    public string ValueSubject => Name + "-value";

    /// <inheritdoc />
    public TResult Accept<TResult>(ITopicVisitor<TResult> visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return visitor.Visit(this);
    }
}
