namespace SchemaStream;

/// <summary>A topic whose types are not known here: for what registers topics of all kinds in one list.</summary>
public interface ITopic
{
    /// <summary>The topic's name.</summary>
    string Name { get; }

    /// <summary>How keys are written.</summary>
    SchemaFormat KeyFormat { get; }

    /// <summary>How values are written.</summary>
    SchemaFormat ValueFormat { get; }

    /// <summary>Calls back with the types: what reflection would be needed for otherwise, which trimmed programs do without.</summary>
    /// <typeparam name="TResult">What the visitor makes of it.</typeparam>
    /// <param name="visitor">Is given the topic.</param>
    TResult Accept<TResult>(ITopicVisitor<TResult> visitor);
}

/// <summary>Is given a topic with its types.</summary>
/// <typeparam name="TResult">What it makes of it.</typeparam>
public interface ITopicVisitor<out TResult>
{
    /// <summary>Takes the topic.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    TResult Visit<TKey, TValue>(Topic<TKey, TValue> topic);
}
