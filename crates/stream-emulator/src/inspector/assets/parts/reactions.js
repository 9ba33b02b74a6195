// The most common reactions with their emoji.

const PICTURES = {
  like: "👍", love: "❤️", heart: "❤️", haha: "😂", wow: "😮", sad: "😢", angry: "😠", fire: "🔥", thumbsup: "👍",
  thumbs_up: "👍", thumbsdown: "👎", thumbs_down: "👎", clap: "👏", rocket: "🚀", eyes: "👀", tada: "🎉",
};

export const OFFERED = ["like", "love", "haha", "wow", "sad"];

/** Returns the emoji of a reaction, or its type. */
export const picture = (type) => PICTURES[type] ?? type;
