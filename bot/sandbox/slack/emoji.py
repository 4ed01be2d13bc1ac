"""The emoji that people type as signs and Slack sends as names.

assumed: a small table stands for Slack's whole one; a sign that isn't here is sent as it is.
"""

SKIN = ("\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")

NAMES = {
    "☕": "coffee", "🍵": "tea", "🥐": "croissant", "🍰": "cake", "🎂": "birthday", "🍞": "bread", "🍕": "pizza",
    "🍷": "wine_glass", "🍺": "beer", "🥂": "clinking_glasses", "🌮": "taco", "🍩": "doughnut", "🍪": "cookie",
    "😀": "grinning", "😃": "smiley", "😄": "smile", "😁": "grin", "😅": "sweat_smile", "😂": "joy",
    "🤣": "rolling_on_the_floor_laughing", "🙂": "slightly_smiling_face", "😉": "wink", "😊": "blush",
    "😍": "heart_eyes", "😘": "kissing_heart", "😎": "sunglasses", "🤔": "thinking_face", "😐": "neutral_face",
    "😢": "cry", "😭": "sob", "😡": "rage", "😠": "angry", "😱": "scream", "😴": "sleeping", "🤯": "exploding_head",
    "🥳": "partying_face", "🤗": "hugging_face", "🙄": "face_with_rolling_eyes", "😬": "grimacing",
    "👍": "+1", "👎": "-1", "👏": "clap", "🙌": "raised_hands", "🙏": "pray", "👋": "wave", "💪": "muscle",
    "👀": "eyes", "👉": "point_right", "👇": "point_down", "✌": "v", "🤝": "handshake", "👌": "ok_hand",
    "❤": "heart", "🧡": "orange_heart", "💛": "yellow_heart", "💚": "green_heart", "💙": "blue_heart",
    "💜": "purple_heart", "🖤": "black_heart", "💔": "broken_heart", "💯": "100", "🔥": "fire", "✨": "sparkles",
    "⭐": "star", "🌟": "star2", "🎉": "tada", "🎊": "confetti_ball", "🎁": "gift", "🎈": "balloon",
    "🎄": "christmas_tree", "🎃": "jack_o_lantern", "🚀": "rocket", "⚡": "zap", "💡": "bulb", "📣": "mega",
    "📢": "loudspeaker", "📅": "date", "📆": "calendar", "📈": "chart_with_upwards_trend", "📷": "camera",
    "📚": "books", "📖": "book", "✅": "white_check_mark", "❌": "x", "⚠": "warning", "❗": "exclamation",
    "❓": "question", "🚨": "rotating_light", "🔗": "link", "📌": "pushpin", "⏰": "alarm_clock", "🏆": "trophy",
    "☀": "sunny", "🌧": "rain_cloud", "🌈": "rainbow", "🌍": "earth_africa", "🌱": "seedling", "🌹": "rose",
    "🐶": "dog", "🐱": "cat", "⚽": "soccer", "🎵": "musical_note", "💬": "speech_balloon", "🛑": "octagonal_sign",
}  # fmt: skip
