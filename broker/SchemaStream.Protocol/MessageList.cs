namespace SchemaStream.Protocol;

/// <summary>The lists of messages, within what a message may keep from one use to the next.</summary>
public static class MessageList
{
    /// <summary>A longer list is not kept.</summary>
    public const int MaxKeptCapacity = 8192;

    /// <summary>The list without its elements; null when there is none, or none worth keeping.</summary>
    public static List<T>? Emptied<T>(List<T>? list)
    {
        if (list is null || list.Capacity > MaxKeptCapacity)
        {
            return null;
        }

        list.Clear();
        return list;
    }
}
