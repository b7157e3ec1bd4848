"""Words that two people may use for one thing: the same matter told again is seldom told in the same words.

Written down by hand: what a matter at an exchange is told with, ways of writing one Japanese word, and everyday things.
They are for comparing two texts and nothing else; no rule and no model reads them. The first of a row stands for all.
"""

from __future__ import annotations

import re
from functools import cache

_JAPANESE = """
出金 引き出し 引出し 引出 引きだし 払い出し 払出し 払出 出庫
入金 振込 振り込み 振込み 振り込 入庫 預け入れ 預入
送金 送付 送信
着金 反映 届か 届い 届き
口座 アカウント
暗証番号 パスワード パスコード ぱすわーど
2段階認証 2要素認証 2fa ワンタイムパスワード 認証コード
本人確認 kyc 身元確認 ekyc
詐欺 だまし 騙し 騙され だまされ 騙さ サギ
盗難 盗まれ 盗ま 盗ら 抜かれ 抜き取られ 奪われ 消えて 消えた なくなって 無くなって なくなった 無くなった
不正 身に覚えのない 身に覚えがない 覚えのない 覚えがない 心当たりのない 心当たりがない 勝手に
侵入 乗っ取り 乗っ取ら のっとり 乗取り 不正ログイン 不正アクセス
手数料 料金 費用
返金 払い戻し 払戻し 返還 返却
残高 残額
売買 取引 トレード
暗号資産 仮想通貨 暗号通貨
運転免許 免許証 運転免許証 免許
電子メール メール eメール
取り消し 取消し 取消 キャンセル
申し込み 申込み 申込 申請
引っ越し 引越し 引越 転居
手続き 手続 てつづき
受け取り 受取り 受取
見知らぬ 知らない人 他人 第3者
遅延 遅れ 遅く
困り 困って 困惑
携帯電話 携帯 スマホ スマートフォン 電話機 けいたい
機種変更 機種変 買い替え
入れない ログインできない ログイン出来ない 入れなく サインインできない
止まって 停止 凍結 ロック 制限 利用停止
まだ 未だ いまだ
何日 数日 いつまで
審査 確認中 審査中 処理中
拒否 却下 否認 不承認 弾かれ はじかれ
退会 解約 口座解約
偽 偽物 にせもの ニセ 偽の なりすまし 成りすまし
間違え まちがえ 誤って 誤り 間違い まちがい 誤送金
仕事 作業 勤務 労働 働いて
工事 建設 建築中
学生 生徒 学童
先生 教師 教員 講師
医師 医者 お医者さん ドクター
警察官 警官 おまわりさん 巡査
観客 見物人 観衆 ギャラリー
結婚 ウェディング 婚礼
演奏 弾いて 奏でて
踊る 踊って ダンス
会話 話して 話し合って おしゃべり 談笑
開く 開いて 開けて
閉じる 閉じて 閉まって 閉めて
照明 電灯 ライト 明かり 灯り
果物 フルーツ 果実
飲み物 ドリンク 飲料
橋 ブリッジ
塔 タワー
岩 石 岩場
綺麗 きれい キレイ 美しい
古い 古びた 古ぼけた
新しい 新品 新型
楽しい 楽しそう 楽しく 楽しんで
危険 危ない あぶない
晴れ 晴天 快晴 晴れた
夕方 夕暮れ 夕焼け 夕日 夕陽
夜 夜間 夜景
同じ 同様
買う 買って 購入 買い物
売る 売って 売却 販売 売られ
使う 使って 使用 利用
待つ 待って 待機
書く 書いて 記入 書かれ
切る 切って カット
投げる 投げて 投球
打つ 打って 打撃
掛ける 掛けて かけて 掛かって
積む 積んで 積まれ
集まる 集まって 集合 集まり
準備 用意 支度
説明 解説
確認 チェック 確かめ
連絡 通知 知らせ お知らせ
突然 急に いきなり
毎日 日々
最近 近頃 このごろ
子供 子ども こども 子たち 児童 幼児 キッズ
男性 男の人 男の方 おとこの人 男子 紳士 おじさん
女性 女の人 女の方 おんなの人 女子 婦人 おばさん
少年 男の子
少女 女の子
赤ちゃん 赤ん坊 乳児 ベビー
若者 若い人 青年
老人 お年寄り 高齢者 年配
夫婦 カップル
家族 1家
友人 友達 友だち ともだち 仲間
大勢 たくさんの人 多くの人 大人数 群衆 人々
1人 ひとり 独り
2人 ふたり
1つ ひとつ 1個
2つ ふたつ 2個
3つ みっつ
4つ よっつ
1頭 1匹 1羽
2頭 2匹 2羽
沢山 たくさん 多く 大量 いっぱい 数多く 多数
複数 いくつか 幾つか 数個 いろいろ 様々 さまざま 色々
自動車 車 くるま 乗用車
オートバイ バイク 自動2輪 単車
自転車 チャリ サイクリング
電車 列車 汽車
飛行機 航空機 旅客機 ジェット機
船 ボート 舟 ヨット
道路 道 通り 車道 道ばた 道端 路上
建物 ビル 建築物 建造物
家 住宅 民家
部屋 室内 屋内 リビング 居間
台所 キッチン 調理場 厨房
トイレ お手洗い 便所 洗面所 化粧室 便器
風呂 浴室 バスルーム お風呂
机 テーブル 食卓 卓上
椅子 イス いす チェア 腰掛け
ソファー ソファ 長椅子
寝台 ベッド 寝床
冷蔵庫 冷凍庫
窓 ガラス窓
食事 ご飯 食べ物 料理 食品
皿 プレート お皿
箱 ボックス
鞄 かばん カバン バッグ 荷物
傘 かさ パラソル
服 洋服 衣服 衣装 服装
帽子 キャップ ハット
眼鏡 メガネ めがね
靴 くつ シューズ
犬 いぬ イヌ ワンちゃん わんこ
猫 ねこ ネコ
馬 うま ウマ
鳥 とり
象 ゾウ ぞう
麒麟 キリン
羊 ひつじ ヒツジ
熊 クマ
牛 うし
縞馬 シマウマ
野球 ベースボール
サッカー フットボール
庭球 テニス
滑り スノーボード スノボ スケートボード スケボー スキー サーフィン サーフ
球 ボール たま
選手 プレーヤー プレイヤー
競技 試合 ゲーム 大会
運動 スポーツ
公園 広場
海 浜辺 海岸 ビーチ 海辺 砂浜 海上
山 山々 丘
川 河 水辺
森 林 木々
草原 草 芝生 草むら 草地 野原
花 お花
空 上空 空中 大空
雪 雪原 雪山
雨 雨天
写真 画像 写真撮影 撮影
計算機 パソコン コンピュータ コンピューター ノートパソコン pc ラップトップ
画面 モニター ディスプレイ スクリーン
時計 腕時計 置時計
信号 信号機
標識 看板 サイン
店 店舗 お店 ショップ 商店
市場 マーケット
笑顔 笑って 微笑
黒 黒い ブラック
白 白い ホワイト
赤 赤い レッド
青 青い ブルー
緑 グリーン みどり
黄色 黄 イエロー
茶色 ブラウン
灰色 グレー
大きい 大きな 巨大
小さい 小さな
座る 座って 腰掛けて 着席
立つ 立って 佇んで
歩く 歩いて 歩行
走る 走って 駆けて 走行
飛ぶ 飛んで 飛行
食べる 食べて 食べよう
見る 見て 眺めて 見つめて
持つ 持って 抱えて 手にして
乗る 乗って 乗車
置く 置いて 置かれ
停まる 停まって 停車 駐車 停めて とまって
並ぶ 並んで 並べ
遊ぶ 遊んで
寝る 寝て 眠って 横になって
着る 着て 着用 身につけ 着た
泳ぐ 泳いで 水泳
調理 料理する 作って
隣 横 脇 そば 傍 近く
正面 手前
後ろ 背後 うしろ
"""
_ENGLISH = """
withdrawal withdraw withdrew withdrawn payout cashout cash-out
deposit deposited top-up topup
transfer transferred wire wired remittance
arrive arrived credited landed reflected received
steal stole stolen theft thief robbed drained emptied siphoned swiped hacked missing vanished disappeared gone
scam scammed scammer fraud fraudulent fraudster swindled conned duped tricked fake bogus phishing phish
password passcode passphrase
code otp 2fa authenticator two-factor
login log-in signin sign-in logged locked
phone mobile cell handset smartphone
verification verify verified kyc identity
license licence passport
rejected refused declined denied
pending stuck waiting delayed delay processing hanging
frozen froze freeze blocked suspended restricted limited
refund refunded reimburse reimbursed reimbursement
fee charge charged commission cost
crypto cryptocurrency coin coins token tokens
bitcoin btc
ether ethereum eth
tether usdt
money funds cash savings
bank iban sepa
wallet address
support helpdesk agent representative
close closing delete deleting cancel cancelling
buy bought purchase purchased
sell sold selling
crash crashes crashed hang hangs freezes
slow sluggish laggy
wrong mistaken mistake incorrect accidentally
photo picture image screenshot
site website page webpage
email mail e-mail
child children kid kids
man men guy male gentleman
woman women lady female
car vehicle automobile
error fail failed fails failure broken
"""
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "s", "ly")
_LEAST_STEM = 3


def one_word(plain: str) -> str:
    """A text in small letters, in which one word stands for each row. Japanese is replaced wherever it stands in a run."""
    return plain if plain.isascii() else _any_of_japanese().sub(lambda found: _japanese()[found.group()], plain)


def root(word: str) -> str:
    """A word of the Latin script without its ending, or what stands for it: ``withdrawals`` and ``payout`` are one."""
    return _english().get(word) or _english().get(_stem(word)) or _stem(word)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


@cache
def _english() -> dict[str, str]:
    whole = _firsts(_ENGLISH)
    return {_stem(word): _stem(first) for word, first in whole.items()} | {word: _stem(first) for word, first in whole.items()}


@cache
def _japanese() -> dict[str, str]:
    return _firsts(_JAPANESE)


def _firsts(rows: str) -> dict[str, str]:
    return {word: row.split()[0] for row in rows.splitlines() for word in row.split()}


@cache
def _any_of_japanese() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _japanese()), key=len, reverse=True)))
